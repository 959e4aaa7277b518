import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { readBounded } from '../ports/files-read.ts'
import { manifestName } from './feed-files.ts'
import { type ExpectedSignature, judgeSignature } from './feed-signature.ts'

/** What a pack says of itself. `digest` is over its records; `coverage` is `selected` for every pack that is not a whole ecosystem. */
const PackManifest = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.string().max(64),
  date: z.iso.date(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  coverage: z.literal('selected'),
})
export type PackManifest = z.infer<typeof PackManifest>

const maxBytes = 1 << 20

/** The manifest of a folder; null when it has none, a text when it cannot be read. */
export function readManifest(root: string): PackManifest | string | null {
  const read = readBounded(join(root, manifestName), maxBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') return `its manifest could not be read: ${read.reason}`
  try {
    return PackManifest.parse(JSON.parse(new TextDecoder().decode(read.bytes)))
  } catch {
    return 'its manifest is not one'
  }
}

/** What the signature of a folder's manifest comes to. A folder without one cannot be signed. */
export function judgeManifest(root: string, signing: ExpectedSignature): ReturnType<typeof judgeSignature> {
  const read = readBounded(join(root, manifestName), maxBytes)
  if (read.state === 'present') return judgeSignature(signing, Buffer.from(read.bytes))
  const reason = `a key is named for it, and without a ${manifestName} a folder cannot be signed`
  return signing.key === null ? { state: 'not-signed' } : { state: 'failed', reason }
}

/** The digest over a folder's records, in the order given: each name with the digest of its bytes. */
export function folderDigest(database: DatabaseSync, names: readonly string[]): string {
  const known = new Map<string, string>()
  for (const { name, sha256 } of database.prepare('select name, sha256 from piece').iterate())
    known.set(String(name), String(sha256))
  const hash = createHash('sha256')
  for (const name of names) hash.update(`${name}\n${known.get(name) ?? ''}\n`)
  return hash.digest('hex')
}
