import { listZip, type ZipEntry } from '@upkeep/engine/intel/zip-entries'

/** What a packed bundle holds: its files by path, and the sorted names in each of its folders; the bundle itself is the folder ``. */
export interface BundleTree {
  files: ReadonlyMap<string, ZipEntry>
  folders: ReadonlyMap<string, readonly string[]>
}

/** What a bundle may come to. Real ones stay far below. */
export const bundleBounds = { packedBytes: 128 << 20, bytes: 512 << 20, files: 50_000 } as const

/**
 * The tree of a packed bundle, in memory; a text says why it is not read. One in which a path leads elsewhere, or stands twice, is refused
 * whole: programs that unpack it would differ in what they make of it.
 */
export async function bundleTree(packed: Buffer): Promise<BundleTree | string> {
  const { files: maxEntries, bytes: maxDeclaredBytes } = bundleBounds
  const listed = await listZip(packed, { maxEntries, maxDeclaredBytes })
  if (typeof listed === 'string') return listed
  if (listed.leadElsewhere.length > 0) return 'a path in it leads elsewhere'
  const files = new Map<string, ZipEntry>()
  const folders = new Map<string, Set<string>>([['', new Set()]])
  for (const entry of listed.entries) {
    const parts = entry.name.split('/')
    if (parts.some((part) => part === '' || part === '.')) return 'a path in it is not written plainly'
    if (files.has(entry.name)) return 'a path stands in it twice'
    files.set(entry.name, entry)
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = parts.slice(0, depth - 1).join('/')
      folders.set(folder, (folders.get(folder) ?? new Set()).add(parts[depth - 1] ?? ''))
    }
  }
  if ([...files.keys()].some((path) => folders.has(path))) return 'a path in it is a file and a folder'
  return { files, folders: new Map([...folders].map(([folder, names]) => [folder, [...names].sort()])) }
}
