import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import type { ServerLogin } from '@upkeep/contract/observations/server-login'
import { sync as writeFileAtomicSync } from 'write-file-atomic'
import { inspectPath } from '../ports/files-facts.ts'
import { readBounded } from '../ports/files-read.ts'
import { secretKey } from '../ports/secret-key.ts'
import { LoginRecord, LoginSecrets, type NewLogin } from './login-record.ts'
import { seal, unseal } from './seal-secrets.ts'
import type { SystemKeyring } from './system-keyring.ts'

const maxBytes = 256 << 10
const fileName = /^[0-9a-f]{24}\.json$/
const purpose = {
  is: 'for logins',
  withoutIt: 'Without it every login has to be given again: "upkeep login <server>".',
}

/** The logins of this installation: `logins/` in the state folder, each file for its owner alone. */
export interface KeptLogins {
  list(): LoginRecord[]
  find(url: string): LoginRecord | null
  /** What opens the server; null when it cannot be read back or is for another address. */
  secretsOf(login: LoginRecord): LoginSecrets | null
  /** In the keyring where it answers, else encrypted beside. */
  keep(login: NewLogin, secrets: LoginSecrets): LoginRecord
  /** Notes something about a login without touching what opens it. */
  note(login: LoginRecord): void
  forget(login: LoginRecord): void
  /** The file that marks that a login is being refreshed. */
  lockOf(login: Pick<LoginRecord, 'url'>): string
  /** The token for exactly this address. */
  tokenFor(url: string): string | null
  /** What may be known of each. */
  facts(): ServerLogin[]
}

/** Opens nothing until it is asked, and makes nothing until there is something to keep. */
export function keptLogins(stateDir: string, keyring: SystemKeyring | null): KeptLogins {
  const folder = join(stateDir, 'logins')
  const pathOf = (url: string) => join(folder, `${idOf(url)}.json`)
  const key = () => secretKey(join(stateDir, 'keys', 'logins.key'), purpose)
  function list(): LoginRecord[] {
    return namesIn(folder).flatMap((name) => readRecord(join(folder, name)) ?? [])
  }
  function find(url: string): LoginRecord | null {
    const read = readRecord(pathOf(url))
    return read?.url === url ? read : null
  }
  function secretsOf(login: LoginRecord): LoginSecrets | null {
    const text =
      login.kept === 'keyring'
        ? (keyring?.read(idOf(login.url)) ?? null)
        : login.sealed && unseal(login.sealed, key(), login.url)
    const read = secretsIn(text)
    return read?.url === login.url ? read : null
  }
  function keep(login: NewLogin, secrets: LoginSecrets): LoginRecord {
    const text = JSON.stringify(secrets)
    const inKeyring = keyring?.store(idOf(login.url), text) === true
    const sealed = inKeyring ? null : seal(text, key(), login.url)
    const record: LoginRecord = { version: 1, ...login, kept: inKeyring ? 'keyring' : 'file', sealed }
    write(folder, pathOf(login.url), record)
    return record
  }
  return {
    list,
    find,
    secretsOf,
    keep,
    note: (login) => write(folder, pathOf(login.url), login),
    forget: (login) => {
      if (login.kept === 'keyring') keyring?.forget(idOf(login.url))
      rmSync(pathOf(login.url), { force: true })
    },
    lockOf: ({ url }) => join(folder, `${idOf(url)}.lock`),
    tokenFor: (url) => {
      const login = find(url)
      return login === null ? null : (secretsOf(login)?.accessToken ?? null)
    },
    facts: () => list().map((login) => factsOf(login, secretsOf(login) !== null)),
  }
}

function factsOf(login: LoginRecord, readable: boolean): ServerLogin {
  const { url, issuer, kept, obtainedAt, expiresAt, refreshable, lastRefresh } = login
  const where = kept === 'keyring' ? 'the keyring does not give it back' : 'its key or its file was changed'
  return { url, issuer, kept, unreadable: readable ? null : where, obtainedAt, expiresAt, refreshable, lastRefresh }
}

function idOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 24)
}

function namesIn(folder: string): string[] {
  if (inspectPath(folder).state === 'absent') return []
  try {
    return readdirSync(folder)
      .filter((name) => fileName.test(name))
      .sort()
      .slice(0, 1_000)
  } catch {
    throw unusable('its folder cannot be read')
  }
}

/** Null for what is not there or is not ours. One that others can read is refused: they have what is in it. */
function readRecord(path: string): LoginRecord | null {
  const read = readBounded(path, maxBytes)
  if (read.state !== 'present') return null
  if (process.platform !== 'win32' && (read.facts.mode & 0o077) !== 0)
    throw unusable('others on this machine can read it')
  try {
    return LoginRecord.safeParse(JSON.parse(new TextDecoder().decode(read.bytes))).data ?? null
  } catch {
    return null
  }
}

function secretsIn(text: string | null): LoginSecrets | null {
  try {
    return text === null ? null : (LoginSecrets.safeParse(JSON.parse(text)).data ?? null)
  } catch {
    return null
  }
}

function write(folder: string, path: string, record: LoginRecord): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileAtomicSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  } catch {
    throw unusable('it cannot be written')
  }
}

function unusable(why: string): UserError {
  return new UserError(
    'state-unusable',
    `A login (logins/ in the state folder) cannot be used: ${why}.`,
    'Give the folder "logins" and what is in it back to this user (folder mode 0700, files 0600).',
  )
}
