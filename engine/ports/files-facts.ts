import { type BigIntStats, lstatSync, type Stats } from 'node:fs'
import type { Absent, FileFacts, Refusal } from '@upkeep/contract/ports'
import { absent, refusalOf } from './files-refusal.ts'

/** The facts that the file system gave, in the contract's form. */
export function factsOf(stats: BigIntStats): FileFacts {
  return {
    state: 'present',
    type: typeOf(stats),
    size: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    inode: stats.ino,
    device: stats.dev,
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
  }
}

function typeOf(stats: BigIntStats | Stats): FileFacts['type'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link' : 'other'
}

/** Facts of the path itself; a symbolic link is not followed. */
export function inspectPath(path: string): FileFacts | Absent | Refusal {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    return stats === undefined ? absent : factsOf(stats)
  } catch (error) {
    return refusalOf(error)
  }
}

/** True when both are the same file with the same content, as far as the file system tells: `changedNs` cannot be set back by its owner. */
export function sameFile(a: FileFacts, b: FileFacts): boolean {
  return (
    a.inode === b.inode &&
    a.device === b.device &&
    a.type === b.type &&
    a.size === b.size &&
    a.modifiedNs === b.modifiedNs &&
    a.changedNs === b.changedNs
  )
}

/**
 * What tells that a file is still the same, as numbers: its mode, size, inode and device, and in milliseconds when its content and itself
 * were changed. They are a third of the cost of the exact facts, and a quarter of a microsecond coarse: no two changes are that close.
 */
export type FileStamp = readonly [number, number, number, number, number, number]

/** The stamp of an open file, or of one that was looked at. */
export function stampOf({ mode, size, ino, dev, mtimeMs, ctimeMs }: Stats): FileStamp {
  return [mode, size, ino, dev, mtimeMs, ctimeMs]
}

/** The type and stamp of the path itself; a symbolic link is not followed. */
export function inspectStamp(
  path: string,
): { state: 'present'; type: FileFacts['type']; stamp: FileStamp } | Absent | Refusal {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats === undefined ? absent : { state: 'present', type: typeOf(stats), stamp: stampOf(stats) }
  } catch (error) {
    return refusalOf(error)
  }
}
