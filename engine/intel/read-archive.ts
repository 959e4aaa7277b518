import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readBounded } from '../ports/files-read.ts'
import { isZip, listZip, type ZipEntry } from './zip-entries.ts'

/** The name of an archive's own list, which stands first in it. */
export const archiveListName = 'upkeep-feeds.json'

/** What an archive of feeds says that it holds. */
export const ArchiveList = z.strictObject({
  format: z.literal('upkeep-feeds'),
  version: z.literal(1),
  feeds: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(500),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        bytes: z.int().nonnegative(),
      }),
    )
    .max(1_000),
})
export type ArchiveList = z.infer<typeof ArchiveList>

type Archive =
  | { state: 'verified'; feeds: { id: string; bytes(): Uint8Array }[] }
  | { state: 'refused'; reason: string }

const maxArchiveBytes = 1 << 30
const maxListBytes = 4 << 20
const bounds = { maxEntries: 1_001, maxDeclaredBytes: 4 * 2 ** 30 }

/**
 * The feeds of an archive, every one of them checked against the digest that its list names; null when the file is no archive of feeds. An
 * archive in which anything is missing, changed or too much is refused whole.
 */
export async function archivedFeeds(path: string): Promise<Archive | null> {
  const read = readBounded(path, maxArchiveBytes)
  if (read.state !== 'present' || !isZip(read.bytes)) return null
  const zip = Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength)
  // A feed that is a zip itself begins with another name: it need not be listed to be told apart.
  if (zip.subarray(30, 30 + archiveListName.length).toString('latin1') !== archiveListName) return null
  const listed = await listZip(zip, bounds)
  if (typeof listed === 'string') return { state: 'refused', reason: listed }
  const [first, ...rest] = listed.entries
  const list = first === undefined ? null : readList(first)
  if (list === null) return { state: 'refused', reason: 'its list of feeds cannot be read' }
  if (listed.leadElsewhere.length > 0 || rest.length !== list.feeds.length) {
    return { state: 'refused', reason: 'it does not hold exactly the feeds that it lists' }
  }
  return verified(list, new Map(rest.map((entry) => [entry.name, entry])))
}

function readList(entry: ZipEntry): ArchiveList | null {
  const bytes = entry.unpack(maxListBytes)
  if (!Buffer.isBuffer(bytes)) return null
  try {
    return ArchiveList.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return null
  }
}

function verified(list: ArchiveList, entries: ReadonlyMap<string, ZipEntry>): Archive {
  const feeds: { id: string; bytes(): Uint8Array }[] = []
  for (const { id, sha256, bytes } of list.feeds) {
    const entry = entries.get(`feeds/${sha256}`)
    const unpacked = entry?.unpack(maxArchiveBytes)
    const holds =
      Buffer.isBuffer(unpacked) &&
      unpacked.length === bytes &&
      createHash('sha256').update(unpacked).digest('hex') === sha256
    if (!holds) return { state: 'refused', reason: 'a feed in it does not have the digest that its list names' }
    feeds.push({ id, bytes: () => unpacked })
  }
  return { state: 'verified', feeds }
}
