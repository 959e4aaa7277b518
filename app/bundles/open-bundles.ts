import type { FilesPort } from '@upkeep/contract/ports'
import type { Settings } from '@upkeep/contract/settings'
import { counted } from '@upkeep/engine/report/paint'
import { type ReadableBundle, withBundles } from './bundle-files.ts'
import { bundleBounds, bundleTree } from './bundle-tree.ts'

type Named = NonNullable<Settings['bundles']>[number]

/** Packed bundles that the owner named: each with why it cannot be read, and a files port on which the others are folders. */
export interface OpenBundles {
  list: Named[]
  over: FilesPort
}

const maxBundles = 1_000
/** Kept in memory, packed as they are, while a round runs. */
const maxBytesOfAll = 1 << 30

/** Opens the bundles at these paths; a folder stands for every bundle in it. */
export async function openBundles(named: readonly string[], files: FilesPort): Promise<OpenBundles> {
  const list = [...new Map(named.flatMap((path) => bundlesAt(path, files)).map((one) => [one.path, one])).values()]
  const readable: ReadableBundle[] = []
  const opened: Named[] = []
  let room: number = maxBytesOfAll
  for (const one of list) {
    const read = one.problem === null ? await open(one.path, files, room) : one.problem
    if (typeof read !== 'string') {
      room -= read.facts.size
      readable.push(read)
    }
    opened.push({ path: one.path, problem: typeof read === 'string' ? read : null })
  }
  return { list: opened, over: withBundles(files, readable) }
}

function bundlesAt(path: string, files: FilesPort): Named[] {
  const real = files.resolve(path)
  if (real.state !== 'present') return [{ path, problem: real.state === 'absent' ? 'it is not there' : real.reason }]
  const facts = files.inspect(real.path)
  if (facts.state !== 'present' || facts.type !== 'folder') return [{ path, problem: null }]
  const listed = files.list(real.path, 10 * maxBundles)
  if (listed.state !== 'present') return [{ path, problem: listed.state === 'absent' ? 'it is gone' : listed.reason }]
  const names = listed.names.filter((name) => /\.(?:mcpb|dxt)$/i.test(name))
  const found = names.slice(0, maxBundles).map((name) => ({ path: `${path}/${name}`, problem: null }))
  const cut = listed.truncated || names.length > maxBundles
  return cut ? [...found, { path, problem: `it holds more than ${counted(maxBundles, 'bundle')}` }] : found
}

async function open(path: string, files: FilesPort, room: number): Promise<ReadableBundle | string> {
  const read = files.read(path, Math.min(bundleBounds.packedBytes, room))
  if (read.state !== 'present') return read.state === 'absent' ? 'it is not there' : read.reason
  const tree = await bundleTree(Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength))
  return typeof tree === 'string' ? tree : { path, facts: read.facts, tree }
}
