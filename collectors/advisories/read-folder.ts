import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { FilesPort } from '@upkeep/contract'
import { z } from 'zod'
import { type FeedReading, FeedTally, unreadable, type Wanted } from './feed-tally.ts'

/** What a pack says of itself. `digest` is over its records; `coverage` is `selected` for every pack that is not a whole ecosystem. */
const Manifest = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.string().max(64),
  date: z.iso.date(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  coverage: z.literal('selected'),
})
type Manifest = z.infer<typeof Manifest>

const manifestName = 'manifest.json'
const maxManifestBytes = 1 << 20
const maxRecordBytes = 8 << 20
const maxNames = 1_000_000
const maxDepth = 8

interface Look {
  files: FilesPort
  root: string
  wanted: Wanted
  signal: { readonly aborted: boolean }
}

/** Reads a folder of OSV records, one JSON file each. A folder with a manifest is a pack, and has to be what its manifest says. */
export async function readFolder(id: string, look: Look): Promise<FeedReading> {
  const manifest = readManifest(look)
  if (typeof manifest === 'string') return unreadable(id, 'malformed', manifest)
  const tally = new FeedTally(manifest?.id ?? id, look.wanted)
  const { digest, problem } = await walk(look, tally)
  if (manifest === null) return tally.reading({ source: `folder ${id}`, digest, complete: [], ...problem })
  if (problem.problem === undefined && digest !== manifest.digest) {
    return unreadable(manifest.id, 'malformed', 'its records are not those that its manifest was made for')
  }
  const source = `pack ${manifest.id} ${manifest.version} of ${manifest.date}`
  return tally.reading({ source, digest, complete: [], ...problem })
}

function readManifest({ files, root }: Look): Manifest | string | null {
  const read = files.read(join(root, manifestName), maxManifestBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') return `its manifest could not be read: ${read.reason}`
  try {
    return Manifest.parse(JSON.parse(new TextDecoder().decode(read.bytes)))
  } catch {
    return 'its manifest is not one'
  }
}

interface Walked {
  digest: string
  problem: { problem?: string }
}

/** Reads every record below the root. */
async function walk(look: Look, tally: FeedTally): Promise<Walked> {
  const hash = createHash('sha256')
  const problems: string[] = []
  for (const { path, relative } of recordFiles(look, problems)) {
    const read = look.files.read(path, maxRecordBytes)
    const taken = read.state === 'present' ? read.bytes : read.state === 'absent' ? 'it is gone' : read.reason
    hash.update(`${relative}\n${createHash('sha256').update(taken).digest('hex')}\n`)
    tally.take(relative, taken)
    if (!(await tally.pause(look.signal))) continue
    problems.push('time was up before all of it was read')
    break
  }
  return { digest: hash.digest('hex'), problem: problems[0] === undefined ? {} : { problem: problems[0] } }
}

interface Below {
  path: string
  relative: string
}

/** Every JSON file below the root but the manifest, in a fixed order. Links to folders are not followed. */
function* recordFiles({ files, root }: Look, problems: string[]): Generator<Below> {
  const open: (Below & { depth: number })[] = [{ path: root, relative: '', depth: 0 }]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const below = namesIn(files, folder, problems)
    for (const one of below) {
      if (one.relative.endsWith('.json') && one.relative !== manifestName) yield one
    }
    if (folder.depth === maxDepth) continue
    const inner = below.filter((one) => !one.relative.endsWith('.json') && isFolder(files, one.path))
    const depth = folder.depth + 1
    open.push(...inner.map((one) => ({ path: one.path, relative: `${one.relative}/`, depth })))
  }
}

function namesIn(files: FilesPort, folder: Below, problems: string[]): Below[] {
  const listed = files.list(folder.path, maxNames)
  if (listed.state !== 'present') {
    problems.push(`a folder in it could not be listed: ${listed.state === 'absent' ? 'it is gone' : listed.reason}`)
    return []
  }
  if (listed.truncated) problems.push(`a folder in it holds more than ${maxNames} names`)
  return listed.names.map((name) => ({ path: join(folder.path, name), relative: `${folder.relative}${name}` }))
}

function isFolder(files: FilesPort, path: string): boolean {
  const facts = files.inspect(path)
  return facts.state === 'present' && facts.type === 'folder'
}
