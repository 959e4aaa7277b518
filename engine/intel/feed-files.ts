import { createHash } from 'node:crypto'
import type { Refusal } from '@upkeep/contract'
import { inspectStamp } from '../ports/files-facts.ts'
import { resolvePath } from '../ports/files-read.ts'
import { refusal } from '../ports/files-refusal.ts'
import { listFolder } from '../ports/files-walk.ts'
import { asBlocks, type Block, type FeedFile, stampOf } from './blocks.ts'

/** What lies at a feed's path: a folder with its files in a fixed order, or one file. */
export interface FeedFiles {
  state: 'present'
  kind: 'folder' | 'file'
  root: string
  files: FeedFile[]
  /** Files of a folder that are no JSON, in a fixed order: nothing of them is read where the folder lies. */
  others: FeedFile[]
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
  const facts = inspectStamp(real.path)
  if (facts.state !== 'present') return facts.state === 'absent' ? refusal('not-configured', 'nothing is there') : facts
  if (facts.type === 'folder') return folderFiles(real.path)
  const file: FeedFile = { path: real.path, relative: '', facts: facts.stamp }
  return {
    state: 'present',
    kind: 'file',
    root: real.path,
    files: [file],
    others: [],
    blocks: [],
    problems: [],
    stamp: stampOf(file),
  }
}

function folderFiles(root: string): FeedFiles {
  const problems: string[] = []
  const files: FeedFile[] = []
  const others: FeedFile[] = []
  const hash = createHash('sha256')
  for (const file of filesBelow(root, problems)) {
    if (file.relative === manifestName) hash.update(stampOf(file))
    else if (!file.relative.endsWith('.json')) others.push(file)
    else files.push(file)
  }
  const blocks = asBlocks(files)
  for (const { id, stamp } of blocks) hash.update(`${id}\n${stamp}\n`)
  return {
    state: 'present',
    kind: 'folder',
    root,
    files,
    others,
    blocks,
    problems,
    stamp: hash.update([...problems, ...others.map((one) => one.relative)].join('\n')).digest('hex'),
  }
}

/** What says something of the files beside it, or is not for anyone to read. */
const aboutOthers = /(?:(?:^|\/)\.|\.(?:sig|sha256|sha512)$)/

/** Every file below the root, in a fixed order. Links to folders are not followed; what is hidden counts only where it is JSON. */
function* filesBelow(root: string, problems: string[]): Generator<FeedFile> {
  const open: Folder[] = [{ path: root, relative: '', depth: 0 }]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const inner: Folder[] = []
    yield* filesIn(folder, inner, problems)
    if (folder.depth < maxDepth) open.push(...inner)
  }
}

interface Folder {
  path: string
  relative: string
  depth: number
}

function* filesIn(folder: Folder, inner: Folder[], problems: string[]): Generator<FeedFile> {
  for (const name of namesIn(folder.path, problems)) {
    const path = `${folder.path}/${name}`
    const relative = `${folder.relative}${name}`
    const facts = inspectStamp(path)
    const isFolder = facts.state === 'present' && facts.type === 'folder'
    if (isFolder && !name.endsWith('.json')) inner.push({ path, relative: `${relative}/`, depth: folder.depth + 1 })
    else if (isMeant(relative)) {
      yield { path, relative, facts: facts.state === 'present' ? facts.stamp : [] }
    }
  }
}

function isMeant(relative: string): boolean {
  return relative.endsWith('.json') || !aboutOthers.test(relative)
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
