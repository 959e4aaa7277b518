import { type BigIntStats, lstatSync } from 'node:fs'
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

function typeOf(stats: BigIntStats): FileFacts['type'] {
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
