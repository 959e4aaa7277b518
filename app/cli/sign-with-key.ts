import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { signatureNamespace } from '@upkeep/domain/changes/signed-statements'

/** A private key of a person, and how it shows that its owner is there. */
export interface SigningKey {
  file: string
  /** The line of its `.pub` file, without the comment. */
  line: string
  presence: 'ssh-key' | 'security-key'
}

const maxBytes = 64 << 10

/**
 * The key in a file, if using it takes its owner: a passphrase that the terminal asks for, or a touch.
 *
 * @throws UserError `bad-input` with what is wrong with it.
 */
export function signingKey(path: string, cwd: string): SigningKey {
  const file = resolve(cwd, path.endsWith('.pub') ? path.slice(0, -4) : path)
  const line = publicLine(`${file}.pub`)
  if (line === null || !existsSync(file))
    throw unusable('The key and its .pub file are not both there', 'Make one: ssh-keygen -t ed25519')
  if (line.startsWith('sk-')) return { file, line, presence: 'security-key' }
  if (!asksForPassphrase(readFileSync(file).subarray(0, maxBytes).toString('latin1')))
    throw unusable(
      'The key has no passphrase: whoever can read the file can sign',
      'Give it one: ssh-keygen -p -f <file>',
    )
  if (isHeldByAgent(line))
    throw unusable('An SSH agent holds the key: whoever reaches the agent can sign', 'Take it out: ssh-add -d <file>')
  return { file, line, presence: 'ssh-key' }
}

/** The file in `~/.ssh` that holds a public key; null when there is none. */
export function fileOfKey(line: string): string | null {
  const folder = join(homedir(), '.ssh')
  if (!existsSync(folder)) return null
  const found = readdirSync(folder).find((name) => name.endsWith('.pub') && publicLine(join(folder, name)) === line)
  return found === undefined ? null : join(folder, found.slice(0, -4))
}

function publicLine(path: string): string | null {
  if (!existsSync(path)) return null
  const [type, key] = readFileSync(path).subarray(0, maxBytes).toString('latin1').trim().split(/\s+/)
  return type === undefined || key === undefined ? null : `${type} ${key}`
}

/** OpenSSH's own format names its cipher in the clear; the older ones say that they are encrypted. */
function asksForPassphrase(text: string): boolean {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1]
  if (body === undefined)
    return /^Proc-Type: 4,ENCRYPTED/m.test(text) || text.startsWith('-----BEGIN ENCRYPTED PRIVATE KEY')
  const bytes = Buffer.from(body, 'base64')
  const start = 'openssh-key-v1\0'.length
  const length = bytes.length < start + 4 ? 0 : bytes.readUInt32BE(start)
  return bytes.subarray(start + 4, start + 4 + length).toString('latin1') !== 'none'
}

function isHeldByAgent(line: string): boolean {
  if (!process.env.SSH_AUTH_SOCK) return false
  const listed = spawnSync('ssh-add', ['-L'], { encoding: 'latin1', timeout: 5_000 })
  return listed.status === 0 && listed.stdout.split('\n').some((one) => one.startsWith(line))
}

/**
 * Signs a text with a key. `ssh-keygen` asks for the passphrase or the touch on the terminal's own device; no agent and no helper program can
 * answer in its place.
 *
 * @throws UserError `needs-a-person` where it was not given.
 */
export async function signText({ file }: SigningKey, text: string): Promise<string> {
  const { SSH_AUTH_SOCK: _agent, SSH_ASKPASS: _ask, DISPLAY: _display, ...env } = process.env
  const child = spawn('ssh-keygen', ['-Y', 'sign', '-n', signatureNamespace, '-f', file], {
    env: { ...env, SSH_ASKPASS_REQUIRE: 'never' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(text)
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  const code = await new Promise<number | null>((done) => {
    child.once('error', () => done(null))
    child.once('close', done)
  })
  const signature = Buffer.concat(pieces).toString('latin1')
  if (code === 0 && signature.startsWith('-----BEGIN SSH SIGNATURE-----')) return signature
  throw new UserError(
    'needs-a-person',
    'The key was not unlocked, so nothing was signed.',
    'Try again, with the passphrase or the touch.',
  )
}

function unusable(what: string, action: string): UserError {
  return new UserError('bad-input', `${what}.`, `${action}.`)
}
