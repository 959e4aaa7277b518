import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { PackageHealth } from '@upkeep/contract/observations/dependency-health'
import type { FilesPort, MemoryPort } from '@upkeep/contract/ports'
import { type ArchiveFile, archiveFiles } from '@upkeep/domain/dependency-health/archive-files'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'

type Kept = NonNullable<PackageHealth['kept']>

const maxTarballBytes = 512 << 20
const maxUnpackedBytes = 1 << 30

export interface Comparison {
  files: FilesPort
  memory: MemoryPort
  /** The folder of kept objects. */
  kept: string
}

/**
 * Holds the files of an installed package against its kept tarball: each file of the tarball must lie in the folder with the same bytes.
 * Remembered by the digest of the folder, which covers every byte of it. Undefined where no such tarball is kept.
 */
export function compareKept(
  { files, memory, kept }: Comparison,
  installed: { folder: string; digest: string | null; integrity: string },
): Kept | undefined {
  const path = keptPath(installed.integrity)
  if (path === null || files.inspect(`${kept}/${path}`).state !== 'present') return undefined
  const key = installed.digest === null ? null : `kept-tarball:1:${path}:${installed.digest}`
  if (key !== null && memory.recall(key) === 'same') return { state: 'same', detail: '' }
  const found = compare(files, `${kept}/${path}`, path, installed.folder)
  if (key !== null && found.state === 'same') memory.remember(key, 'same')
  return found
}

function compare(files: FilesPort, tarball: string, path: string, folder: string): Kept {
  const read = files.read(tarball, maxTarballBytes)
  if (read.state !== 'present')
    return { state: 'unreadable', detail: read.state === 'absent' ? 'gone while looking' : read.reason }
  const hex = createHash('sha512').update(read.bytes).digest('hex')
  if (`sha512/${hex.slice(0, 2)}/${hex.slice(2)}` !== path)
    return { state: 'altered', detail: 'the kept tarball is no longer what was kept' }
  const entries = unpacked(read.bytes)
  if (typeof entries === 'string') return { state: 'unreadable', detail: entries }
  const different = [...entries].find(([name, { bytes }]) => !isSame(files, `${folder}/${name}`, bytes))
  return different === undefined ? { state: 'same', detail: '' } : { state: 'differs', detail: printable(different[0]) }
}

/** The files that an installation puts into the package's folder, by their path there; a text says why they cannot be told. */
function unpacked(bytes: Uint8Array): Map<string, ArchiveFile> | string {
  const tar = gunzipped(bytes)
  if (tar === null) return 'the kept tarball cannot be unpacked within its bounds'
  return archiveFiles(tar)
}

function gunzipped(bytes: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes })
  } catch {
    return null
  }
}

function isSame(files: FilesPort, path: string, bytes: Uint8Array): boolean {
  const read = files.read(path, bytes.length)
  return read.state === 'present' && Buffer.compare(read.bytes, bytes) === 0
}

function printable(name: string): string {
  return name
    .slice(0, 200)
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
    .toWellFormed()
}
