import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { FeedPlace } from '@upkeep/contract'
import { readBounded } from '../ports/files-read.ts'
import { feedFiles } from './feed-files.ts'
import { placedImports } from './kept-feeds.ts'
import { isOsvApi } from './osv-api.ts'
import { packFeed } from './pack-feed.ts'
import { type ArchiveList, archiveListName } from './read-archive.ts'
import { splitFolder } from './split-folder.ts'
import { writeZip, type ZipMember } from './write-zip.ts'

/** What an archive came to: its feeds, and those that could not be put in, with the reason. */
export interface Exported {
  feeds: ArchiveList['feeds']
  left: { id: string; reason: string }[]
  bytes: number
}

const maxBytes = 1 << 30

/**
 * Writes every feed in place into one archive for a site without a network. The same feeds give the same bytes: nothing in it says when or
 * where it was made. What a feed says is not judged here; whoever imports it does.
 */
export async function exportFeeds(stateDir: string, feeds: readonly FeedPlace[], file: string): Promise<Exported> {
  const scratch = mkdtempSync(join(tmpdir(), 'upkeep-feeds-'))
  try {
    const { found, left } = await gather(stateDir, feeds, scratch)
    const sorted = [...found].sort((a, b) => (a.id < b.id ? -1 : 1))
    const handle = await open(file, 'wx', 0o600)
    try {
      const bytes = await writeZip(members(sorted), async (piece) => {
        await handle.write(piece)
      })
      return { feeds: sorted.map(({ path: _path, ...listed }) => listed), left, bytes }
    } finally {
      await handle.close()
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

type Found = ArchiveList['feeds'][number] & { path: string }

async function gather(stateDir: string, feeds: readonly FeedPlace[], scratch: string) {
  const places = [...feeds.map(({ path }) => ({ path, id: basename(path) })), ...placedImports(stateDir)]
  const found = new Map<string, Found>()
  const left: Exported['left'] = []
  for (const [index, place] of places.entries()) {
    const files = await asFiles(place, join(scratch, `${index}`))
    left.push(...files.left)
    for (const { id, path } of files.found) {
      const read = readBounded(path, maxBytes)
      if (read.state === 'present') {
        const sha256 = createHash('sha256').update(read.bytes).digest('hex')
        found.set(sha256, { id: freeName(id, found), sha256, bytes: read.bytes.length, path })
      } else left.push({ id, reason: read.state === 'unavailable' ? read.reason : 'it is gone' })
    }
  }
  return { found: [...found.values()], left }
}

interface Files {
  found: { id: string; path: string }[]
  left: Exported['left']
}

/** Each feed of a folder becomes one file; a file is taken as it is. */
async function asFiles({ id, path }: { id: string; path: string }, scratch: string): Promise<Files> {
  const nothing = (reason: string): Files => ({ found: [], left: [{ id, reason }] })
  if (isOsvApi(path)) return nothing('a service cannot be put in an archive')
  const files = feedFiles(path)
  if (files.state !== 'present') return nothing(files.reason)
  if (files.kind === 'file') return { found: [{ id, path: files.root }], left: [] }
  const split = await splitFolder(files.root, { id, signal: { aborted: false } })
  if ('code' in split) return nothing(split.reason)
  if (split.feeds.length === 0) return nothing('it holds no feed')
  const all: Files = { found: [], left: split.left }
  for (const [index, feed] of split.feeds.entries()) {
    const file = `${scratch}-${index}`
    const failure = await packFeed(feed, file)
    if (failure === null) all.found.push({ id: feed.id, path: file })
    else all.left.push({ id: feed.id, reason: failure.reason })
  }
  return all
}

function freeName(id: string, found: ReadonlyMap<string, Found>): string {
  const taken = new Set([...found.values()].map((one) => one.id))
  if (!taken.has(id)) return id
  let number = 2
  while (taken.has(`${id} ${number}`)) number += 1
  return `${id} ${number}`
}

function* members(found: readonly Found[]): Generator<ZipMember> {
  const list: ArchiveList = {
    format: 'upkeep-feeds',
    version: 1,
    feeds: found.map(({ path: _path, ...listed }) => listed),
  }
  yield { name: archiveListName, bytes: Buffer.from(`${JSON.stringify(list, null, 2)}\n`) }
  for (const { path, sha256 } of found) {
    const read = readBounded(path, maxBytes)
    if (read.state !== 'present') throw new Error('a feed vanished while it was packed')
    const packed =
      (read.bytes[0] === 0x50 && read.bytes[1] === 0x4b) || (read.bytes[0] === 0x1f && read.bytes[1] === 0x8b)
    yield { name: `feeds/${sha256}`, bytes: read.bytes, packed }
  }
}
