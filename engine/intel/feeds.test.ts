import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Observation, observationKinds, serverSubject } from '@upkeep/contract'
import { afterAll, describe, expect, test } from 'vitest'
import { advisories as collector } from '../../collectors/advisories/collector.ts'
import { createHttpPort } from '../ports/http.ts'
import { openIntel } from './open-intel.ts'
import { buildZip, type ZipInput } from './testing/build-zip.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-feeds-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const packs = join(import.meta.dirname, '../../packs')
const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'crm')

const installed: Observation<'resolved-package'> = {
  kind: 'resolved-package',
  subject,
  state: 'seen',
  facts: {
    name: 'mcp-remote',
    ecosystem: 'npm',
    pinned: true,
    wouldRun: null,
    why: '',
    installed: [
      {
        where: 'npx-cache',
        root: '/home/ada/.npm/_npx/0123456789abcdef',
        version: '0.1.15',
        cacheKey: '0123456789abcdef',
        requested: '^0.1.15',
        engines: null,
        digest: null,
        components: [
          { ecosystem: 'npm', name: 'express', version: '4.21.0', path: 'node_modules/express', digest: null },
        ],
        problems: [],
      },
    ],
  },
}

async function collect(osv: string[], resolved = [installed], aborted = false): Promise<Observation<'advisories'>> {
  const [observation] = await collector.collect({
    for: { per: 'fleet', places: [] },
    prior: { 'resolved-package': resolved, 'declared-server': [], 'bundled-code': [], 'fleet-history': [] },
    ports: { intel: openIntel({ stateDir: mkdtempSync(join(root, 'state-')), http: createHttpPort() }) },
    settings: { probe: [], connectToDeclared: false, online: false, registryUrl: '', feeds: { osv, registry: [] } },
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted },
  })
  if (observation === undefined) throw new Error('no observation')
  if (observation.state === 'seen') observationKinds.advisories.facts.parse(observation.facts)
  return observation
}

async function facts(osv: string[], aborted = false): Promise<(typeof observationKinds.advisories.facts)['_output']> {
  const observation = await collect(osv, [installed], aborted)
  if (observation.state !== 'seen') throw new Error(observation.reason)
  return observation.facts
}

function record(id: string, name: string, ecosystem = 'npm'): string {
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }] }]
  const affected = [{ package: { ecosystem, name }, ranges }]
  return JSON.stringify({ id, modified: '2026-01-02T03:04:05Z', summary: id, affected })
}
function folder(name: string, files: Record<string, string>): string {
  const path = join(root, name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true })
    writeFileSync(join(path, file), text)
  }
  return path
}
function zip(name: string, inputs: ZipInput[]): string {
  const path = join(root, name)
  writeFileSync(path, buildZip(inputs))
  return path
}

describe('folders', () => {
  test('the built-in pack is what its manifest says, and gives what the fleet has', async () => {
    const { feeds, records } = await facts([join(packs, 'mcp-advisories')])
    expect(feeds).toMatchObject([{ id: 'mcp-advisories', records: 9, rejected: [], coverage: 'selected' }])
    expect(feeds[0]?.source).toMatch(/^pack mcp-advisories \d+\.\d+\.\d+ of \d{4}-\d\d-\d\d$/)
    expect(records.map((one) => one.id)).toEqual(['GHSA-6xpm-ggf7-wc3p'])
  })

  test('folders below are read, links to folders are not, other files are left alone', async () => {
    const path = folder('nested', {
      'a/b/one.json': record('A-1', 'express'),
      'notes.txt': 'x',
      'z.json': record('Z-1', 'x'),
    })
    symlinkSync('..', join(path, 'a', 'loop'))
    const { feeds, records } = await facts([path])
    expect(feeds[0]).toMatchObject({ records: 2, rejected: [], newest: '2026-01-02T03:04:05Z', coverage: 'selected' })
    expect(records).toMatchObject([{ id: 'A-1', feed: path }])
  })

  test('several kinds of feed in one place: only one is used, and that is told with the others named', async () => {
    const kev = '{"catalogVersion":"1","dateReleased":"2026-11-20T00:00:00.000Z","count":0,"vulnerabilities":[]}'
    const files = { 'osv/a.json': record('A-1', 'express'), 'osv/b.json': record('B-1', 'x'), 'kev.json': kev }
    const path = folder('kinds', {
      ...files,
      'epss.csv': 'cve,epss,percentile\n',
      'deep/LICENSE': 'x',
      'a.json.sig': 'x',
    })
    const { feeds, records } = await facts([path])
    const problem =
      'it holds several kinds of feed: only osv is used, and not kev (kev.json); name each by itself, or import the folder'
    expect(records.map((one) => one.id)).toEqual(['A-1'])
    expect(feeds[0]).toMatchObject({ form: 'osv', problem, unread: ['epss.csv', 'deep/LICENSE'] })
    const inputs = [...Object.entries(files), ['epss.csv', '']].map(([name = '', text = '']) => ({
      name,
      bytes: Buffer.from(text),
    }))
    const zipped = await facts([zip('kinds.zip', inputs)])
    expect(zipped.feeds[0]).toMatchObject({ form: 'osv', problem, unread: ['epss.csv'] })
  })

  test('hostile and malformed records are rejected by name, the others stand', async () => {
    const path = folder('hostile', {
      'all.json': record('EVIL-1', '*'),
      'broken.json': '{"id": "canary"',
      'sound.json': record('OK-1', 'mcp-remote'),
    })
    mkdirSync(join(path, 'folder.json'))
    const { feeds, records } = await facts([path])
    expect(records.map((one) => one.id)).toEqual(['OK-1'])
    expect(feeds[0]?.quarantined).toEqual([{ record: 'all.json', reason: 'it names every package at once' }])
    expect(feeds[0]?.rejected).toEqual([
      { record: 'broken.json', reason: 'not JSON in UTF-8' },
      { record: 'folder.json', reason: 'it is a folder' },
    ])
  })

  test('a pack whose records were changed is not believed', async () => {
    const date = '2026-01-01'
    const manifest = { id: 'other', version: '1.0.0', date, coverage: 'selected', digest: '0'.repeat(64) }
    const path = folder('changed', { 'manifest.json': JSON.stringify(manifest), 'a.json': record('A-1', 'express') })
    expect(await collect([path])).toMatchObject({ state: 'unavailable', code: 'malformed' })
    const boast = { ...manifest, coverage: 'complete' }
    const loud = folder('boast', { 'manifest.json': JSON.stringify(boast), 'a.json': record('A-1', 'express') })
    expect(await collect([loud])).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('manifest') })
  })

  test('time being up is said', async () => {
    const path = folder('slow', { 'a.json': record('A-1', 'express'), 'b.json': record('B-1', 'express') })
    const reason = expect.stringContaining('time was up')
    expect(await collect([path], [installed], true)).toMatchObject({ state: 'unavailable', code: 'timed-out', reason })
  })
})

describe('zips', () => {
  test('more than 10,000 records of an ecosystem are taken for all of it', async () => {
    const many = Array.from({ length: 10_001 }, (_, index) => ({
      name: `GHSA-${index}.json`,
      bytes: Buffer.from(record(`GHSA-${index}`, index === 7 ? 'express' : `package-${index}`)),
    }))
    const whole = await facts([zip('all.zip', many)])
    expect(whole.feeds[0]).toMatchObject({ records: 10_001, coverage: 'complete', ecosystems: ['npm'] })
    expect(whole.records.map((one) => one.id)).toEqual(['GHSA-7'])
    const part = await facts([zip('part.zip', many.slice(1))])
    expect(part.feeds[0]).toMatchObject({ records: 10_000, coverage: 'selected', ecosystems: [] })
  })

  test('bombs, lies and damage are rejected; names that lead elsewhere are left out', async () => {
    const bytes = Buffer.from(record('A-1', 'express'))
    const path = zip('hostile.zip', [
      { name: '../../escape.json', bytes },
      { name: '/absolute.json', bytes },
      { name: 'bomb.json', bytes: Buffer.alloc(4_000_000, 0x20), declaredSize: 100 },
      { name: 'huge.json', bytes, declaredSize: 4_000_000_000 },
      { name: 'damaged.json', bytes, crc: 1 },
      { name: 'sound.json', bytes },
    ])
    const { feeds, records } = await facts([path])
    expect(records.map((one) => one.id)).toEqual(['A-1'])
    expect(feeds[0]?.rejected).toEqual([{ record: 'damaged.json', reason: 'damaged' }])
    expect(feeds[0]?.quarantined).toEqual([
      { record: '../../escape.json', reason: 'its name leads out of the folder' },
      { record: '/absolute.json', reason: 'its name leads out of the folder' },
      { record: 'bomb.json', reason: 'it unpacks to more than it says' },
      { record: 'huge.json', reason: 'larger than 8388608 bytes' },
    ])
  })

  test('what unpacks to too much in all is not read', async () => {
    const bytes = Buffer.from(record('A-1', 'express'))
    const lies = Array.from({ length: 3 }, (_, index) => ({
      name: `${index}.json`,
      bytes,
      declaredSize: 4_000_000_000,
    }))
    expect(await collect([zip('sum.zip', lies)])).toMatchObject({ code: 'malformed', state: 'unavailable' })
  })
})

describe('files, and what is not there', () => {
  test('one file with one record, or with a list', async () => {
    const path = folder('single', { 'one.json': record('A-1', 'express') })
    writeFileSync(join(path, 'list.json'), `[${record('A-1', 'express')}, ${record('A-2', 'mcp-remote')}, 7]`)
    expect((await facts([join(path, 'one.json')])).records).toHaveLength(1)
    const list = await facts([join(path, 'list.json')])
    expect(list.records).toHaveLength(2)
    expect(list.feeds[0]?.rejected).toEqual([{ record: 'record 2', reason: 'not an OSV record: not an object' }])
  })

  test('something else altogether is no feed', async () => {
    const path = folder('else', { 'package.json': '{"name":"x","version":"1.0.0"}', 'text.json': 'canary' })
    const reason = expect.stringContaining('none of its records could be read')
    expect(await collect([join(path, 'package.json')])).toMatchObject({ state: 'unavailable', reason })
    const observation = await collect([join(path, 'text.json')])
    expect(observation).toMatchObject({ state: 'unavailable', code: 'malformed' })
    expect(JSON.stringify(observation)).not.toContain('canary')
  })

  test('a feed that cannot be read is named beside those that can', async () => {
    const gone = join(root, 'gone.zip')
    const { feeds, records } = await facts([join(packs, 'mcp-advisories'), gone])
    expect(records).toHaveLength(1)
    expect(feeds[1]).toMatchObject({ id: gone, problem: 'nothing is there', records: 0 })
    expect(await collect([gone])).toMatchObject({ state: 'unavailable', code: 'not-configured' })
  })

  test.skipIf(process.getuid?.() === 0)('a feed that may not be read is unavailable', async () => {
    const path = folder('closed', { 'one.json': record('A-1', 'express') })
    chmodSync(join(path, 'one.json'), 0)
    expect(await collect([join(path, 'one.json')])).toMatchObject({ state: 'unavailable', code: 'permission-denied' })
  })

  test('no feed is unavailable; no package to look up is absent', async () => {
    expect(await collect([])).toMatchObject({ state: 'unavailable', code: 'not-configured' })
    expect(await collect([join(packs, 'mcp-advisories')], [])).toMatchObject({ state: 'absent' })
  })
})
