import { createHash } from 'node:crypto'
import type { FileFacts, Refusal } from '@upkeep/contract'
import { inspectPath } from '../ports/files-facts.ts'
import { resolvePath } from '../ports/files-read.ts'
import { refusal } from '../ports/files-refusal.ts'
import { listFolder } from '../ports/files-walk.ts'
import { asBlocks, type Block, type FeedFile } from './blocks.ts'

/** What lies at a feed's path: a folder with its files in a fixed order, or one file. */
export interface FeedFiles {
  state: 'present'
  kind: 'folder' | 'file'
  root: string
  files: FeedFile[]
  /** The same files by blocks; none where it is one file. */
  blocks: Block[]
  problems: string[]
  /** Changes when anything of the feed does. */
  stamp: string
}

export const manifestName = 'manifest.json'
const maxNames = 1_000_000
const maxDepth = 8

/** Looks at what lies at a path without reading any of it. */
export function feedFiles(path: string): FeedFiles | Refusal {
  const real = resolvePath(path)
  if (real.state === 'absent') return refusal('not-configured', 'nothing is there')
  if (real.state === 'unavailable') return real
  const facts = inspectPath(real.path)
  if (facts.state !== 'present') return facts.state === 'absent' ? refusal('not-configured', 'nothing is there') : facts
  if (facts.type === 'folder') return folderFiles(real.path)
  const stamp = stampOf(facts)
  return {
    state: 'present',
    kind: 'file',
    root: real.path,
    files: [{ path: real.path, relative: '', stamp }],
    blocks: [],
    problems: [],
    stamp,
  }
}

function folderFiles(root: string): FeedFiles {
  const problems: string[] = []
  const files: FeedFile[] = []
  const hash = createHash('sha256')
  for (const file of filesBelow(root, problems)) {
    if (file.relative === manifestName) hash.update(file.stamp)
    else files.push(file)
  }
  const blocks = asBlocks(files)
  for (const { id, stamp } of blocks) hash.update(`${id}\n${stamp}\n`)
  return {
    state: 'present',
    kind: 'folder',
    root,
    files,
    blocks,
    problems,
    stamp: hash.update(problems.join('\n')).digest('hex'),
  }
}

/** What the file system says of a file, as text: whatever changes it changes its `changedNs`, which its owner cannot set back. */
export function stampOf({ type, size, inode, device, modifiedNs, changedNs }: FileFacts): string {
  return `${type}:${size}:${inode}:${device}:${modifiedNs}:${changedNs}`
}

/** Every JSON file below the root, in a fixed order. Links to folders are not followed. */
function* filesBelow(root: string, problems: string[]): Generator<FeedFile> {
  const open = [{ path: root, relative: '', depth: 0 }]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const inner: typeof open = []
    for (const name of namesIn(folder.path, problems)) {
      const path = `${folder.path}/${name}`
      const relative = `${folder.relative}${name}`
      const facts = inspectPath(path)
      if (name.endsWith('.json')) {
        yield { path, relative, stamp: facts.state === 'present' ? stampOf(facts) : facts.state }
      } else if (facts.state === 'present' && facts.type === 'folder' && folder.depth < maxDepth) {
        inner.push({ path, relative: `${relative}/`, depth: folder.depth + 1 })
      }
    }
    open.push(...inner)
  }
}

function namesIn(folder: string, problems: string[]): string[] {
  const listed = listFolder(folder, maxNames)
  if (listed.state !== 'present') {
    problems.push(`a folder in it could not be listed: ${listed.state === 'absent' ? 'it is gone' : listed.reason}`)
    return []
  }
  if (listed.truncated) problems.push(`a folder in it holds more than ${maxNames} names`)
  return listed.names
}
