import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeedPlace, IntelCall } from '@upkeep/contract'
import { afterAll, expect, test } from 'vitest'
import { createHttpPort } from '../ports/http.ts'
import { openIntel } from './open-intel.ts'
import { buildZip } from './testing/build-zip.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-editions-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function setting() {
  const dir = mkdtempSync(join(root, 'case-'))
  const stateDir = join(dir, 'state')
  const feed = join(dir, 'feed')
  mkdirSync(feed)
  const intel = openIntel({ stateDir, http: createHttpPort() })
  async function look(places: FeedPlace[], more: Partial<IntelCall> = {}) {
    const packages = [{ ecosystem: 'npm', name: 'express' }]
    const at = '2026-11-22T09:00:00.000Z'
    const call = { feeds: places, packages, hosts: [], online: false, at, signal: { aborted: false }, ...more }
    return intel.lookUp(call)
  }
  async function facts(places: FeedPlace[], more: Partial<IntelCall> = {}) {
    const found = await look(places, more)
    if (found.state !== 'answered') throw new Error(found.reason)
    return { ids: found.facts.records.map((one) => one.id), feed: found.facts.feeds[0], all: found.facts }
  }
  return { dir, feed, stateDir, look, facts }
}

function record(id: string, more: Record<string, unknown> = {}): string {
  const affected = [
    { package: { ecosystem: 'npm', name: 'express' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] },
  ]
  return JSON.stringify({ id, modified: '2026-01-02T03:04:05Z', summary: id, affected, ...more })
}

test('a folder: files that are new, changed or gone are read, the others are not', async () => {
  const { feed, facts, stateDir } = setting()
  writeFileSync(join(feed, 'a.json'), record('A-1'))
  writeFileSync(join(feed, 'b.json'), record('B-1'))
  const first = await facts([{ path: feed }])
  expect(first.ids).toEqual(['A-1', 'B-1'])
  const [index = ''] = readdirSync(join(stateDir, 'intel', 'index'))
  // An index that is made anew replaces its file; one that is brought up to date does not.
  const inode = statSync(join(stateDir, 'intel', 'index', index)).ino
  writeFileSync(join(feed, 'b.json'), record('B-2'))
  writeFileSync(join(feed, 'c.json'), record('C-1'))
  rmSync(join(feed, 'a.json'))
  const second = await facts([{ path: feed }])
  expect(second.ids).toEqual(['B-2', 'C-1'])
  expect(second.feed).toMatchObject({ records: 2 })
  expect(second.feed?.digest).not.toBe(first.feed?.digest)
  expect(statSync(join(stateDir, 'intel', 'index', index)).ino).toBe(inode)
})

test('nothing changed: nothing is read', async () => {
  const { feed, facts } = setting()
  writeFileSync(join(feed, 'a.json'), record('A-1'))
  await facts([{ path: feed }])
  // Aborted reading would say that time was up; there is no reading.
  expect(await facts([{ path: feed }], { signal: { aborted: true } })).toMatchObject({ ids: ['A-1'] })
})

test('an edition that cannot be read leaves the one before in force, with the reason', async () => {
  const { dir, facts, look } = setting()
  const path = join(dir, 'npm.zip')
  const zip = buildZip([{ name: 'A-1.json', bytes: Buffer.from(record('A-1')) }])
  writeFileSync(path, zip.subarray(0, zip.length - 30))
  expect(await look([{ path }])).toMatchObject({ state: 'unavailable', code: 'malformed' })
  writeFileSync(path, zip)
  expect((await facts([{ path }])).feed?.problem).toBeUndefined()
  writeFileSync(path, zip.subarray(0, zip.length - 30))
  const after = await facts([{ path }])
  expect(after.ids).toEqual(['A-1'])
  expect(after.feed?.problem).toBe(
    'it is a zip that is cut off or damaged: its list of files cannot be found; the edition before it is used',
  )
  rmSync(path)
  expect((await facts([{ path }])).feed?.problem).toBe('nothing is there; the edition before it is used')
  writeFileSync(path, zip)
  expect((await facts([{ path }])).feed?.problem).toBeUndefined()
})

test('a record dated ahead is believed once its day has come', async () => {
  const { feed, facts } = setting()
  writeFileSync(join(feed, 'a.json'), record('A-1', { modified: '2027-01-10T00:00:00Z' }))
  writeFileSync(join(feed, 'b.json'), record('B-1'))
  const now = await facts([{ path: feed }])
  expect(now).toMatchObject({ ids: ['B-1'], feed: { quarantined: [{ record: 'a.json' }] } })
  const later = await facts([{ path: feed }], { at: '2027-01-11T00:00:00.000Z' })
  expect(later).toMatchObject({ ids: ['A-1', 'B-1'], feed: { quarantined: [] } })
})

test('a feed that is all quarantined is unavailable, never empty', async () => {
  const { feed, look } = setting()
  writeFileSync(join(feed, 'a.json'), record('A-1', { modified: '2027-11-10T00:00:00Z' }))
  const reason = expect.stringContaining('every record of it was rejected or quarantined')
  expect(await look([{ path: feed }])).toMatchObject({ state: 'unavailable', code: 'malformed', reason })
})

test('a digest that the owner or a file beside the feed names must hold', async () => {
  const { dir, look, facts } = setting()
  const path = join(dir, 'one.json')
  writeFileSync(path, record('A-1'))
  const sha256 = createHash('sha256').update(record('A-1')).digest('hex')
  expect((await facts([{ path, sha256 }])).ids).toEqual(['A-1'])
  const wrong = '0'.repeat(64)
  // These are the bytes that were read before they were said to be wrong: they do not stay in force.
  const reason = expect.stringContaining('digest that upkeep.yaml says')
  expect(await look([{ path, sha256: wrong }])).toMatchObject({ state: 'unavailable', code: 'malformed', reason })
  await facts([{ path }])
  writeFileSync(`${path}.sha512`, `${'0'.repeat(128)}  one.json\n`)
  expect((await facts([{ path }])).feed?.problem).toContain('digest that the file .sha512 beside it says')
  const other = join(dir, 'other.json')
  writeFileSync(other, record('B-1'))
  expect(await look([{ path: other, sha256: wrong }])).toMatchObject({ state: 'unavailable', code: 'malformed' })
})

test('a feed has the limit that its owner sets', async () => {
  const { feed, facts } = setting()
  writeFileSync(join(feed, 'a.json'), record('A-1'))
  expect((await facts([{ path: feed }])).feed).toMatchObject({ stale: false, maxAgeDays: null })
  expect((await facts([{ path: feed, maxAgeDays: 30 }])).feed).toMatchObject({ stale: true, maxAgeDays: 30 })
  expect((await facts([{ path: feed, maxAgeDays: 400 }])).feed).toMatchObject({ stale: false })
})

test('an index that is damaged, of a feed no longer in place, or of a killed process: made anew, or gone', async () => {
  const { feed, facts, stateDir } = setting()
  writeFileSync(join(feed, 'a.json'), record('A-1'))
  await facts([{ path: feed }])
  const indexes = join(stateDir, 'intel', 'index')
  const [name = ''] = readdirSync(indexes)
  writeFileSync(join(indexes, name), 'no database')
  const draft = join(indexes, `${name}.999999999.abc.draft`)
  writeFileSync(draft, '')
  expect((await facts([{ path: feed }])).ids).toEqual(['A-1'])
  expect(existsSync(draft)).toBe(false)
  const moved = `${feed}-moved`
  renameSync(feed, moved)
  expect((await facts([{ path: moved }])).ids).toEqual(['A-1'])
  expect(existsSync(join(indexes, name))).toBe(false)
})
