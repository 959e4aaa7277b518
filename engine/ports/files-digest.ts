import { createHash } from 'node:crypto'
import type { Absent, FileFacts, FilesPort, Refusal, TreeDigest } from '@upkeep/contract/ports'
import type { DigestCache } from './digest-cache.ts'
import { inspectPath } from './files-facts.ts'
import { resolvePath, streamFile } from './files-read.ts'
import { refusal } from './files-refusal.ts'
import { addProblem, type Walk, type WalkBounds, type WalkedEntry, walkTree } from './files-walk.ts'

/** A file that changed in the same tick of the file system's clock as it was read keeps its times: such a tree is not remembered. */
const settledNs = 2_000_000_000n

/**
 * The digest of everything below a folder, or of one file. Each entry is one line of JSON: type, path, and for a file whether it is
 * executable and the SHA-256 of its bytes, for a link its target as text. The tree's digest is the SHA-256 of these lines.
 */
export function digestTree(
  root: string,
  bounds: Parameters<FilesPort['digestTree']>[1],
  { cache, now }: { cache: DigestCache; now: () => number },
): TreeDigest | Absent | Refusal {
  const real = resolvePath(root)
  if (real.state !== 'present') return real
  const walk = walkRoot(real.path, bounds)
  if (walk.state !== 'walked') return walk
  const key = sha256(JSON.stringify([real.path, ...[...bounds.except].sort()]))
  const facts = factsDigest(walk)
  const known = walk.problems.length === 0 ? cache.get(key, facts) : null
  if (known !== null) return { state: 'present', ...known, problems: [] }
  const digest = contentDigest(real.path, walk)
  const files = walk.entries.filter((entry) => entry.facts.type === 'file').length
  if (walk.problems.length === 0 && settled(walk, now())) cache.put(key, facts, { digest, files, bytes: walk.bytes })
  return { state: 'present', digest, files, bytes: walk.bytes, problems: walk.problems }
}

function walkRoot(path: string, bounds: WalkBounds): Walk | Absent | Refusal {
  const facts = inspectPath(path)
  if (facts.state !== 'present') return facts
  if (facts.type === 'folder') return walkTree(path, bounds)
  if (facts.type !== 'file') return refusal('not-a-file', 'it is neither a folder nor a regular file')
  if (facts.size > bounds.maxBytes) return refusal('too-large', `the file is larger than ${bounds.maxBytes} bytes`)
  return { state: 'walked', entries: [{ relative: '', facts, target: null }], bytes: facts.size, problems: [] }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function factsDigest(walk: Walk): string {
  const hash = createHash('sha256')
  for (const { relative, facts, target } of walk.entries) {
    const times = `${facts.modifiedNs}:${facts.changedNs}`
    const where = `${facts.device}:${facts.inode}`
    hash.update(`${facts.type}:${facts.mode}:${facts.size}:${times}:${where}:${relative}\0${target ?? ''}\0`)
  }
  return hash.digest('hex')
}

function contentDigest(root: string, walk: Walk): string {
  const hash = createHash('sha256')
  for (const entry of walk.entries) hash.update(`${JSON.stringify(lineOf(root, entry, walk))}\n`)
  return hash.digest('hex')
}

function lineOf(root: string, entry: WalkedEntry, walk: Walk): readonly (string | boolean | null)[] {
  const { relative, facts, target } = entry
  if (facts.type === 'link') return ['link', relative, target]
  if (facts.type !== 'file') return [facts.type, relative]
  const path = relative === '' ? root : `${root}/${relative}`
  return [
    'file',
    relative,
    (facts.mode & 0o111) !== 0,
    fileDigest(path, facts, (why) => addProblem(walk, relative, why)),
  ]
}

function fileDigest(path: string, facts: FileFacts, problem: (why: string) => void): string | null {
  const hash = createHash('sha256')
  const end = streamFile(path, facts, (bytes) => {
    hash.update(bytes)
    return true
  })
  if (end.state === 'present') return hash.digest('hex')
  problem(end.state === 'absent' ? 'gone while reading' : end.reason)
  return null
}

function settled(walk: Walk, now: number): boolean {
  const before = BigInt(Math.trunc(now)) * 1_000_000n - settledNs
  return walk.entries.every((entry) => entry.facts.changedNs < before)
}
