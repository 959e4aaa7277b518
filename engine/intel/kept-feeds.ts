import { join } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { z } from 'zod'
import { readBounded } from '../ports/files-read.ts'
import type { PlacedFeed } from './refresh-feed.ts'

/** A feed that was imported: its bytes are kept under their digest. */
export const KeptImport = z.strictObject({
  /** What it is called: the address or file name that it came from. */
  id: z.string().min(1).max(500),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  importedAt: z.string().max(40),
  /** The key that must have signed it; the signature is kept beside the bytes. */
  key: z.string().max(5_000).optional(),
})
export type KeptImport = z.infer<typeof KeptImport>
const Kept = z.array(KeptImport).max(1_000)

const maxListBytes = 4 << 20

/** Where feeds are kept below the state folder. */
export function intelFolders(stateDir: string) {
  const root = join(stateDir, 'intel')
  return { root, kept: join(root, 'kept'), indexes: join(root, 'index'), list: join(root, 'imports.json') }
}

/** The feeds that were imported, by name. A list that is damaged is none: the feeds can be imported again. */
export function keptImports(stateDir: string): KeptImport[] {
  const read = readBounded(intelFolders(stateDir).list, maxListBytes)
  if (read.state !== 'present') return []
  try {
    return Kept.parse(JSON.parse(new TextDecoder().decode(read.bytes)))
  } catch {
    return []
  }
}

export function writeKeptImports(stateDir: string, imports: readonly KeptImport[]): void {
  const sorted = [...imports].sort((a, b) => (a.id < b.id ? -1 : 1))
  writeFileAtomic(intelFolders(stateDir).list, `${JSON.stringify(sorted, null, 2)}\n`, { mode: 0o600 })
}

/** Imported feeds as feeds in place. Their bytes must still have the digest that they are kept under. */
export function placedImports(stateDir: string): PlacedFeed[] {
  const { kept } = intelFolders(stateDir)
  return keptImports(stateDir).map(({ id, sha256, key }) => ({
    path: join(kept, sha256),
    id,
    source: `import ${id}`,
    sha256,
    key,
  }))
}
