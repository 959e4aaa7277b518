import { join } from 'node:path'
import type { FilesPort } from '@upkeep/contract/ports'
import { openDigestCache } from './digest-cache.ts'
import { digestTree } from './files-digest.ts'
import { inspectPath } from './files-facts.ts'
import { readBounded, readLinkText, resolvePath } from './files-read.ts'
import { listFolder } from './files-walk.ts'

/** The files port with its memory of digests, which the round saves when it is done. */
export interface OpenFiles {
  files: FilesPort
  saveCache(): void
}

/**
 * Reads this machine's files. `stateDir` is where digests of unchanged trees are remembered; null remembers none. `now` is the clock
 * that the file system stamps with, in milliseconds: not the clock of the round, which may be simulated.
 */
export function openFiles({ stateDir, now = Date.now }: { stateDir: string | null; now?: () => number }): OpenFiles {
  const cache = openDigestCache(stateDir === null ? null : join(stateDir, 'cache', 'tree-digests.json'))
  let names: ReadonlyMap<number, string> | null = null
  const files: FilesPort = {
    inspect: inspectPath,
    resolve: resolvePath,
    readLink: readLinkText,
    read: readBounded,
    list: listFolder,
    digestTree: (root, options) => digestTree(root, options, { cache, now }),
    userName(uid) {
      names ??= readUserNames('/etc/passwd')
      return names.get(uid) ?? null
    },
  }
  return { files, saveCache: () => cache.save() }
}

/** Names by number; where a number has several names, the first one counts, as for the system itself. */
function readUserNames(path: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  const read = readBounded(path, 4 << 20)
  if (read.state !== 'present') return names
  for (const line of new TextDecoder().decode(read.bytes).split('\n')) {
    const [name, , uid] = line.split(':')
    if (name === undefined || uid === undefined || !/^\d{1,10}$/.test(uid)) continue
    if (!names.has(Number(uid))) names.set(Number(uid), name)
  }
  return names
}
