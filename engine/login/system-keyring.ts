import { spawnSync } from 'node:child_process'
import { findProgram } from '../ports/find-program.ts'

/** The keyring of the system, as far as it answers. Nothing secret goes on a command line: other users can read those. */
export interface SystemKeyring {
  /** False where it did not take it: it is locked, or there is nobody to unlock it. */
  store(name: string, secret: string): boolean
  read(name: string): string | null
  forget(name: string): void
}

const service = 'upkeep'
/** Long enough for a keyring that is open; one that asks a person is not waited for. */
const answerMs = 5_000

/** The keyring of this system; null where no program for it is installed. */
export function systemKeyring({ platform, path }: { platform: string; path: string }): SystemKeyring | null {
  if (platform === 'darwin') return macKeychain('/usr/bin/security')
  const program = platform === 'linux' ? findProgram('secret-tool', path) : null
  return program === null ? null : secretService(program)
}

/** The Secret Service of a Linux desktop, through libsecret's own tool. */
function secretService(program: string): SystemKeyring {
  const named = (name: string) => ['service', service, 'login', name]
  return {
    store: (name, secret) => {
      const words = ['store', `--label=${service}: ${name}`, ...named(name)]
      return run(program, words, secret) !== null && run(program, ['lookup', ...named(name)])?.trimEnd() === secret
    },
    read: (name) => run(program, ['lookup', ...named(name)])?.trimEnd() || null,
    forget: (name) => void run(program, ['clear', ...named(name)]),
  }
}

/** The keychain of macOS. Untested: no such machine was at hand. The commands go in by stdin, the secret in hexadecimal digits. */
function macKeychain(program: string): SystemKeyring {
  const named = (name: string) => ['-s', service, '-a', name]
  const read = (name: string) => fromHex(run(program, ['find-generic-password', ...named(name), '-w']))
  return {
    store: (name, secret) => {
      const hex = Buffer.from(secret, 'utf8').toString('hex')
      const command = `add-generic-password -U ${named(name).join(' ')} -w ${hex}\n`
      return run(program, ['-i'], command) !== null && read(name) === secret
    },
    read,
    forget: (name) => void run(program, ['delete-generic-password', ...named(name)]),
  }
}

function fromHex(text: string | null): string | null {
  const hex = (text ?? '').trim()
  return /^(?:[0-9a-f]{2})+$/.test(hex) ? Buffer.from(hex, 'hex').toString('utf8') : null
}

function run(program: string, words: readonly string[], input?: string): string | null {
  const ended = spawnSync(program, words, {
    encoding: 'utf8',
    timeout: answerMs,
    maxBuffer: 1 << 20,
    ...(input === undefined ? {} : { input }),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return ended.status === 0 ? ended.stdout : null
}
