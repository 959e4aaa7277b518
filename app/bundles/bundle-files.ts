import { createHash } from 'node:crypto'
import type { Absent, FileFacts, FilesPort, Refusal, TreeDigest } from '@upkeep/contract/ports'
import { type BundleTree, bundleBounds } from './bundle-tree.ts'

/** A bundle that could be read: where it lies, the facts of its file, and what it holds. */
export interface ReadableBundle {
  path: string
  facts: FileFacts
  tree: BundleTree
}

type Inside = ReadableBundle & { at: string }
type DigestBounds = Parameters<FilesPort['digestTree']>[1]

const absent: Absent = { state: 'absent' }

/** The files port on which each of these bundles is a folder that holds what is packed in it. Nothing is unpacked to anywhere. */
export function withBundles(files: FilesPort, bundles: readonly ReadableBundle[]): FilesPort {
  const inside = (path: string): Inside | null => {
    const found = bundles.find((bundle) => path === bundle.path || path.startsWith(`${bundle.path}/`))
    return found === undefined ? null : { ...found, at: path.slice(found.path.length + 1).replace(/\/+$/, '') }
  }
  return {
    ...files,
    inspect: (path) => ifInside(inside(path), factsAt, () => files.inspect(path)),
    resolve: (path) =>
      ifInside(
        inside(path),
        (here) => (factsAt(here).state === 'present' ? { state: 'present' as const, path } : absent),
        () => files.resolve(path),
      ),
    read: (path, maxBytes) =>
      ifInside(
        inside(path),
        (here) => readAt(here, maxBytes),
        () => files.read(path, maxBytes),
      ),
    list: (path, maxEntries) =>
      ifInside(
        inside(path),
        (here) => listAt(here, maxEntries),
        () => files.list(path, maxEntries),
      ),
    digestTree: (root, bounds) =>
      ifInside(
        inside(root),
        (here) => digestAt(here, bounds),
        () => files.digestTree(root, bounds),
      ),
  }
}

function ifInside<Answer>(here: Inside | null, ask: (here: Inside) => Answer, otherwise: () => Answer): Answer {
  return here === null ? otherwise() : ask(here)
}

function factsAt({ tree, facts, at }: Inside): FileFacts | Absent {
  if (tree.folders.has(at)) return { ...facts, type: 'folder', size: 0 }
  const entry = tree.files.get(at)
  return entry === undefined ? absent : { ...facts, type: 'file', size: entry.size, mode: facts.mode & 0o666 }
}

function readAt(here: Inside, maxBytes: number): ReturnType<FilesPort['read']> {
  const facts = factsAt(here)
  if (facts.state === 'absent') return absent
  const entry = here.tree.files.get(here.at)
  if (entry === undefined) return refusal('not-a-file', 'it is a folder')
  if (entry.size > maxBytes) return refusal('too-large', `the file is larger than ${maxBytes} bytes`)
  const bytes = entry.unpack(maxBytes)
  if (Buffer.isBuffer(bytes)) return { state: 'present', bytes: new Uint8Array(bytes), facts }
  return refusal(bytes.bomb ? 'too-large' : 'malformed', `in the bundle it is ${bytes.reason}`)
}

function listAt({ tree, at }: Inside, maxEntries: number): ReturnType<FilesPort['list']> {
  const names = tree.folders.get(at)
  if (names === undefined) return tree.files.has(at) ? refusal('not-a-file', 'it is not a folder') : absent
  return { state: 'present', names: names.slice(0, maxEntries), truncated: names.length > maxEntries }
}

/** Over the same facts as on disk: types, paths and bytes. A packed file has no executable bit that all programs keep, so none counts. */
function digestAt(here: Inside, { except, maxFiles, maxBytes }: DigestBounds): TreeDigest | Absent | Refusal {
  if (factsAt(here).state === 'absent') return absent
  const whole = createHash('sha256')
  const counted = { files: 0, bytes: 0 }
  const problems: string[] = []
  for (const { path, relative } of filesBelow(here, new Set(except))) {
    const size = here.tree.files.get(path)?.size ?? 0
    counted.files += 1
    counted.bytes += size
    if (counted.files > maxFiles || counted.bytes > maxBytes)
      return refusal('too-large', `more than ${maxFiles} entries or ${maxBytes} bytes`)
    const read = readAt({ ...here, at: path }, bundleBounds.bytes)
    const digest = read.state === 'present' ? createHash('sha256').update(read.bytes).digest('hex') : null
    if (read.state === 'unavailable' && problems.length < 50) problems.push(`${relative.slice(0, 300)}: ${read.reason}`)
    whole.update(`${JSON.stringify(['file', relative, false, digest])}\n`)
  }
  return { state: 'present', digest: whole.digest('hex'), ...counted, problems }
}

/** Files at and below a path, in the order of their names, without what is left out. */
function filesBelow({ tree, at }: Inside, except: ReadonlySet<string>): { path: string; relative: string }[] {
  if (tree.files.has(at)) return [{ path: at, relative: '' }]
  const found: { path: string; relative: string }[] = []
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const names = tree.folders.get(joined(at, folder)) ?? []
    const below = names.map((name) => joined(folder ?? '', name)).filter((relative) => !except.has(relative))
    const isFile = (relative: string) => tree.files.has(joined(at, relative))
    found.push(...below.filter(isFile).map((relative) => ({ path: joined(at, relative), relative })))
    waiting.push(...below.filter((relative) => !isFile(relative)).reverse())
  }
  return found
}

function joined(folder: string, name: string): string {
  return folder === '' || name === '' ? `${folder}${name}` : `${folder}/${name}`
}

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}
