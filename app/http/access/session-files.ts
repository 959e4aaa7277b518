import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

const Kept = z.strictObject({
  format: z.literal('upkeep-session/1'),
  issuer: z.string(),
  identity: z.strictObject({ subject: z.string(), email: z.string().nullable() }),
  /** Of the session at the provider: a digest. */
  sid: z.string().nullable(),
  /** Sealed with the secret of the session. */
  idToken: z.string(),
  /** The digest of the key of the page that it is bound to. */
  page: z.string().nullable(),
  since: z.number(),
  until: z.number(),
})

/** What is kept of a session that a provider signed in. Nothing of it opens anything: neither the secret nor the ID token can be read from it. */
export type KeptSession = Omit<z.infer<typeof Kept>, 'format'> & {
  /** When its person last did something, as far as it was written down: the time of the file. */
  readonly seen: number
}

/** Sessions in the state folder, a file each (0600), named by the digest of its secret. What cannot be read is none. */
export interface SessionFiles {
  /** The oldest first. */
  all(): Map<string, KeptSession>
  get(id: string): KeptSession | null
  isThere(id: string): boolean
  keep(id: string, session: KeptSession): void
  /** Writes down that its person did something. One that was ended meanwhile stays so. */
  touch(id: string, seen: number): void
  remove(id: string): void
}

const idForm = /^[0-9a-f]{64}$/

/** Those of one provider: who signed in with another one is nobody here. */
export function sessionFiles(stateDir: string, issuer: string): SessionFiles {
  const folder = join(stateDir, 'sessions')
  const pathOf = (id: string) => join(folder, id)
  function get(id: string): KeptSession | null {
    try {
      const { format: _, ...kept } = Kept.parse(JSON.parse(readFileSync(pathOf(id), 'utf8')))
      return kept.issuer === issuer ? { ...kept, seen: Math.round(statSync(pathOf(id)).mtimeMs) } : null
    } catch {
      return null
    }
  }
  function touch(id: string, seen: number): void {
    try {
      utimesSync(pathOf(id), seen / 1_000, seen / 1_000)
    } catch (error) {
      if (existsSync(pathOf(id))) throw error
    }
  }
  return {
    get,
    touch,
    isThere: (id) => existsSync(pathOf(id)),
    all() {
      const ids = existsSync(folder) ? readdirSync(folder).filter((name) => idForm.test(name)) : []
      const found = ids.flatMap((id) => {
        const kept = get(id)
        return kept === null ? [] : [[id, kept] as const]
      })
      return new Map(found.sort(([, one], [, other]) => one.since - other.since))
    },
    keep(id, { seen, ...kept }) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const text = `${JSON.stringify({ format: 'upkeep-session/1', ...kept })}\n`
      writeFileAtomic.sync(pathOf(id), text, { mode: 0o600 })
      touch(id, seen)
    },
    remove: (id) => rmSync(pathOf(id), { force: true }),
  }
}

/** Sealed with a key that only the secret gives (HKDF, AES-256-GCM): who has the file and not the browser's cookie cannot open it. */
export function sealWith(secret: string, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv)
  const sealed = [cipher.update(text, 'utf8'), cipher.final()]
  return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64url')
}

/** Null where it was not sealed with this secret. */
export function openWith(secret: string, sealed: string): string | null {
  try {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

function keyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'upkeep session: ID token', 32))
}
