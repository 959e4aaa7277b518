import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Refusal } from '@upkeep/contract/ports'
import type { StorePlace } from '@upkeep/domain/redaction/references'
import { findProgram } from './find-program.ts'
import { refuse } from './network-refusal.ts'
import type { SecretStore, StoredNow, StoreMachine } from './secret-store.ts'
import { runStoreProgram } from './store-program.ts'

type KeyringPlace = Extract<StorePlace, { store: 'keyring' }>
type Keyring = SecretStore<KeyringPlace>

/** The keyring of the system: the Secret Service of a Linux desktop, the keychain of macOS; or why there is none. */
export function keyringOf({ platform, env }: StoreMachine): Keyring | Refusal {
  if (platform === 'darwin') return macKeychain('/usr/bin/security', env)
  if (platform === 'win32')
    return refuse(
      'not-supported',
      'Windows keeps credentials, but none of its programs gives one back, so a server could not be started with it',
    )
  const program = findProgram('secret-tool', env.PATH)
  if (program === null)
    return refuse('not-configured', 'the keyring is asked by secret-tool, which is not installed (libsecret-tools)')
  return hasSessionBus(env)
    ? secretService(program, env)
    : refuse('not-configured', 'no session bus is there: a keyring is open in the session of a desktop')
}

function hasSessionBus({ DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime }: NodeJS.ProcessEnv): boolean {
  return (address ?? '') !== '' || (runtime !== undefined && existsSync(join(runtime, 'bus')))
}

const label = ({ service, account }: KeyringPlace) => `${service} ${account}`

/** The Secret Service, through libsecret's own tool: it takes a secret by standard input, and replaces what has the same name. */
function secretService(program: string, env: NodeJS.ProcessEnv): Keyring {
  const named = ({ service, account }: KeyringPlace) => ['service', service, 'account', account]
  const run = (words: readonly string[], input?: string) =>
    runStoreProgram(program, words, { env, ...(input === undefined ? {} : { input }) })

  /** Searching unlocks nothing and asks nobody: a locked keyring says what it has, and not what that is. */
  async function look(place: KeyringPlace): Promise<StoredNow> {
    const found = await run(['search', '--all', ...named(place)])
    if (found.code !== 0) return refuse('unreachable', 'the keyring does not answer')
    const count = found.out.match(/^\[\/.*\]$/gm)?.length ?? 0
    if (count === 0) return { state: 'absent' }
    if (count > 1) return refuse('malformed', 'the keyring has more than one secret of that name')
    const { code, out } = await run(['lookup', ...named(place)])
    return code === 0
      ? { state: 'present', secret: withoutLineEnd(out) }
      : refuse('permission-denied', 'the keyring is locked, and nobody unlocked it')
  }

  return {
    look,
    async put(place, secret) {
      const { code } = await run(['store', `--label=${label(place)}`, ...named(place)], secret)
      return code === 0 ? null : refuse('permission-denied', 'the keyring did not take it: it may be locked')
    },
    async remove(place, isOurs) {
      const now = await look(place)
      if (now.state === 'unavailable') return now
      if (now.state === 'absent') return null
      if (!isOurs(now.secret)) return notOurs
      const { code } = await run(['clear', ...named(place)])
      return code === 0 ? null : refuse('permission-denied', 'the keyring did not take it away')
    },
  }
}

/** Where nothing of that name is, `security` ends so. */
const macNotFound = 44

/**
 * The keychain of macOS. Untested: no such machine was at hand. The secret goes in by standard input, in hexadecimal digits; without `-U`
 * a name that is taken is refused.
 */
function macKeychain(program: string, env: NodeJS.ProcessEnv): Keyring {
  const named = ({ service, account }: KeyringPlace) => ['-s', service, '-a', account]
  const run = (words: readonly string[], input?: string) =>
    runStoreProgram(program, words, { env, ...(input === undefined ? {} : { input }) })

  async function look(place: KeyringPlace): Promise<StoredNow> {
    const { code, out } = await run(['find-generic-password', ...named(place), '-w'])
    if (code === macNotFound) return { state: 'absent' }
    return code === 0
      ? { state: 'present', secret: withoutLineEnd(out) }
      : refuse('permission-denied', `the keychain did not give it (${code})`)
  }

  return {
    look,
    async put(place, secret) {
      // What is not printable it gives back as digits, and nobody could tell.
      if (!/^[\x20-\x7e]+$/.test(secret))
        return refuse('not-supported', 'the keychain takes printable characters alone')
      const hex = Buffer.from(secret, 'utf8').toString('hex')
      const { code } = await run(['-i'], `add-generic-password ${named(place).join(' ')} -X ${hex}\n`)
      return code === 0 ? null : refuse('permission-denied', `the keychain did not take it (${code})`)
    },
    async remove(place, isOurs) {
      const now = await look(place)
      if (now.state === 'unavailable') return now
      if (now.state === 'absent') return null
      if (!isOurs(now.secret)) return notOurs
      const { code } = await run(['delete-generic-password', ...named(place)])
      return code === 0 ? null : refuse('permission-denied', `the keychain did not take it away (${code})`)
    },
  }
}

const notOurs = refuse('changed-while-reading', 'another secret lies there by now')

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}
