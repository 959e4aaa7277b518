import { spawnSync } from 'node:child_process'
import { accessSync, closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { secretIn } from '@upkeep/domain/client-edits/secret-file'
import { findProgram } from '@upkeep/engine/ports/find-program'
import type { VaultPlace } from '@upkeep/engine/ports/vault-store'

/** What an entry asks of the launcher: secrets by name, as variables or in arguments, and what is started. */
interface Asked {
  set: ReadonlyMap<string, string>
  fill: ReadonlyMap<string, string>
  command: readonly string[]
}

/**
 * `run-with --set NAME source --fill NAME source -- command args`: fetches secrets and becomes the command, so that a client's file need
 * hold none. Nothing of the product runs beside the server. Returns only where it did not come to that.
 *
 * @throws UserError where a secret cannot be fetched, or is not kept as a secret is.
 */
export async function runWith(words: readonly string[], env: NodeJS.ProcessEnv): Promise<never> {
  const { set, fill, command } = askedIn(words)
  const fetched = (sources: ReadonlyMap<string, string>) =>
    Promise.all([...sources].map(async ([name, source]) => [name, await fetch(source, env)] as const))
  const filled = await fetched(fill)
  const [program = '', ...args] = command.map((word) => filledIn(word, filled))
  const whole = { ...env, ...Object.fromEntries(await fetched(set)) }
  const path = programAt(program, whole.PATH ?? '')
  if (process.execve !== undefined && process.platform !== 'win32') process.execve(path, [program, ...args], whole)
  const { status } = spawnSync(program, args, { env: whole, stdio: 'inherit' })
  process.exit(status ?? 70)
}

function askedIn(words: readonly string[]): Asked {
  const end = words.indexOf('--')
  const given = { set: new Map<string, string>(), fill: new Map<string, string>() }
  for (let at = 0; at < end; at += 3) {
    const [kind, name, source] = words.slice(at, Math.min(at + 3, end))
    const into = kind === '--set' ? given.set : kind === '--fill' ? given.fill : null
    if (into === null || name === undefined || source === undefined) throw bad('the words before -- are not understood')
    into.set(name, source)
  }
  if (end < 0 || words[end + 1] === undefined) throw bad('no command stands behind --')
  return { ...given, command: words.slice(end + 1) }
}

function filledIn(word: string, secrets: readonly (readonly [string, string])[]): string {
  return secrets.reduce(
    (text, [name, secret]) => text.replaceAll(`{{${name}}}`, () => secret).replaceAll(`\${env:${name}}`, () => secret),
    word,
  )
}

async function fetch(source: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (source.startsWith('op://')) return asked(source, 'op', ['read', '--no-newline', source])
  const [, store, path = '', key = ''] = /^(vault|keyring):\/\/([^#]+)#(.+)$/.exec(source) ?? []
  if (store === undefined) return inFile(source)
  if (store === 'vault')
    return findProgram('vault', env.PATH) === null
      ? overHttp(source, { store, path, field: key }, env)
      : asked(source, 'vault', ['kv', 'get', `-field=${key}`, path])
  return process.platform === 'darwin'
    ? asked(source, '/usr/bin/security', ['find-generic-password', '-s', path, '-a', key, '-w'])
    : asked(source, 'secret-tool', ['lookup', 'service', path, 'account', key])
}

/** Where Vault's own program is not installed its API is asked, with the address and the token that the program would take. */
async function overHttp(source: string, place: VaultPlace, env: NodeJS.ProcessEnv): Promise<string> {
  const [{ createHttpPort }, { vaultOf }] = await Promise.all([
    import('@upkeep/engine/ports/http'),
    import('@upkeep/engine/ports/vault-store'),
  ])
  const store = vaultOf({ platform: process.platform, home: homedir(), env }, createHttpPort())
  const now = 'state' in store ? store : await store.look(place)
  if (now.state === 'present') return now.secret
  const why = now.state === 'unavailable' ? now.reason : 'there is none'
  throw new UserError('not-found', `${source} was not fetched: ${why}.`, 'See VAULT_ADDR and VAULT_TOKEN.')
}

/** A store's own program asks its user where it has to: on the terminal that there may be, never on the server's channel. */
function asked(source: string, program: string, args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })
  if (status === 0 && stdout !== '') return stdout.replace(/\r?\n$/, '')
  const why = error === undefined ? `${program} ended with ${status}` : `${program} could not be started`
  throw new UserError('not-found', `${source} was not fetched: ${why}.`, `Try it: ${program} ${args.join(' ')}`)
}

const maxBytes = 1 << 20

function inFile(path: string): string {
  if (!isAbsolute(path)) throw bad(`${path} is no place of a secret`)
  const handle = openedOrThrow(path)
  try {
    const { uid, mode, size } = fstatSync(handle)
    const others = process.platform !== 'win32' && ((mode & 0o077) !== 0 || uid !== process.geteuid?.())
    if (others)
      throw new UserError(
        'bad-input',
        `${path} can be read by others, or is another user's: it is no secret.`,
        `chmod 600 ${path}`,
      )
    if (size > maxBytes) throw bad(`${path} is too large for a secret`)
    return secretIn(readFileSync(handle, 'utf8'))
  } finally {
    closeSync(handle)
  }
}

function openedOrThrow(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    throw new UserError(
      'not-found',
      `The secret in ${path} cannot be read.`,
      'Take the change back that moved it: "upkeep undo".',
    )
  }
}

/** Where a program lies, as a shell would find it. */
function programAt(program: string, path: string): string {
  const places = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program))
  const found = places.find(isProgram)
  if (found !== undefined) return found
  throw new UserError('not-found', `The program ${program} is not there.`, 'Install it, or correct the entry.')
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function bad(why: string): UserError {
  return new UserError(
    'bad-input',
    `run-with: ${why}.`,
    'upkeep run-with --set NAME /path/of/secret -- command arguments',
  )
}
