import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createHttpPort } from '../ports/http.ts'
import { exportFeeds } from './export-feeds.ts'
import { feedName } from './feed-name.ts'
import { importFeed } from './import-feed.ts'
import { openIntel } from './open-intel.ts'
import { startFeedServer } from './testing/feed-server.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-import-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const at = '2026-11-22T09:00:00.000Z'

function site() {
  const dir = mkdtempSync(join(root, 'site-'))
  const stateDir = join(dir, 'state')
  const signal = new AbortController().signal
  return {
    dir,
    stateDir,
    kept: () => readdirSync(join(stateDir, 'intel', 'kept')),
    take: (source: string, name?: string) => importFeed(source, { stateDir, at, signal, name }),
    async ids() {
      const intel = openIntel({ stateDir, http: createHttpPort() })
      const packages = [{ ecosystem: 'npm', name: 'express' }]
      const call = { feeds: [], packages, hosts: [], online: false, at, signal: { aborted: false } }
      const found = await intel.lookUp(call)
      return found.state === 'answered' ? found.facts.records.map((one) => one.id) : found.code
    },
  }
}

function record(id: string): string {
  const range = { type: 'SEMVER', events: [{ introduced: '0' }] }
  const affected = [{ package: { ecosystem: 'npm', name: 'express' }, ranges: [range] }]
  return JSON.stringify({ id, modified: '2026-01-02T03:04:05Z', summary: id, affected })
}

const kev = JSON.stringify({
  catalogVersion: '2026.11.20',
  dateReleased: '2026-11-20T00:00:00.000Z',
  count: 1,
  vulnerabilities: [
    { cveID: 'CVE-2026-1234', dateAdded: '2026-11-01', dueDate: '2026-11-22', knownRansomwareCampaignUse: 'Unknown' },
  ],
})

function put(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('importing', () => {
  test('a file is kept, whatever becomes of it; a later edition of its name replaces it', async () => {
    const { dir, take, ids, kept } = site()
    const path = put(dir, 'one.json', record('A-1'))
    expect(await take(path)).toMatchObject([
      { state: 'imported', replaced: false, feed: { id: 'one.json', records: 1 } },
    ])
    rmSync(path)
    expect(await ids()).toEqual(['A-1'])
    put(dir, 'one.json', record('A-2'))
    expect(await take(path)).toMatchObject([{ replaced: true }])
    expect(await ids()).toEqual(['A-2'])
    expect(kept()).toHaveLength(1)
    expect(await take(path)).toMatchObject([{ replaced: false }])
  })

  test('a folder, under a name of its own', async () => {
    const { dir, take, ids } = site()
    put(join(dir, 'feed', 'deep'), 'a.json', record('A-1'))
    put(join(dir, 'feed'), 'b.json', record('B-1'))
    expect(await take(join(dir, 'feed'), 'ours')).toMatchObject([{ feed: { id: 'ours', records: 2 } }])
    expect(await ids()).toEqual(['A-1', 'B-1'])
  })

  test('a folder with several feeds: each is taken in by itself, and what is no feed is named', async () => {
    const { dir, take, stateDir } = site()
    const mixed = join(dir, 'mixed')
    put(join(mixed, 'osv'), 'a.json', record('A-1'))
    put(join(mixed, 'osv'), 'b.json', record('B-1'))
    put(mixed, 'kev.json', kev)
    put(
      mixed,
      'epss.csv',
      '#model_version:v1,score_date:2026-11-20T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1234,0.5,0.9\n',
    )
    put(mixed, 'notes.txt', 'canary')
    put(mixed, '.hidden', 'canary')
    put(mixed, 'cut.zip', 'PK\u0003\u0004short')
    const outcomes = await take(mixed)
    expect(
      outcomes.map((one) => [
        one.state,
        one.state === 'imported' ? [one.feed.id, one.feed.form, one.feed.records] : one.id,
      ]),
    ).toEqual([
      ['imported', ['mixed/osv', 'osv', 2]],
      ['imported', ['mixed/kev', 'kev', 1]],
      ['refused', 'mixed/cut.zip'],
      ['imported', ['mixed/epss.csv', 'epss', 1]],
      ['left', 'mixed/notes.txt'],
    ])
    expect(JSON.stringify(outcomes)).not.toContain('canary')
    const archive = join(dir, 'mixed.zip')
    const { feeds, left } = await exportFeeds(join(stateDir, 'other'), [{ path: mixed }], archive)
    expect(feeds.map((one) => one.id)).toEqual(['mixed/cut.zip', 'mixed/epss.csv', 'mixed/kev', 'mixed/osv'])
    expect(left).toEqual([{ id: 'mixed/notes.txt', reason: 'neither JSON nor a table that is known' }])
  })

  test('a zip that is cut off is called one, however short', async () => {
    const { dir, take } = site()
    expect(await take(put(dir, 'stub.zip', 'PK\u0003\u0004short'))).toMatchObject([
      { state: 'refused', reason: expect.stringContaining('a zip that is cut off') },
    ])
  })

  test('one that is refused says which records, and why', async () => {
    const { dir, take } = site()
    const [outcome] = await take(put(dir, 'ahead.json', record('A-1').replace('2026', '2028')))
    expect(outcome).toMatchObject({
      state: 'refused',
      records: { quarantined: [{ record: 'the file', reason: expect.stringContaining('dated') }], rejected: [] },
    })
  })

  test('what cannot be read changes nothing', async () => {
    const { dir, take, ids, kept } = site()
    await take(put(dir, 'one.json', record('A-1')))
    for (const text of ['canary', '[]', '{"id":"A-9"}', record('A-9').replace('2026', '2028')]) {
      const [outcome] = await take(put(dir, 'one.json', text))
      expect(outcome).toMatchObject({ state: 'refused', id: 'one.json', code: 'malformed' })
      expect(JSON.stringify(outcome)).not.toContain('canary')
    }
    expect(await take(join(dir, 'nothing'))).toMatchObject([{ state: 'refused', reason: 'nothing is there' }])
    expect(await ids()).toEqual(['A-1'])
    expect(kept()).toHaveLength(1)
  })

  test('an address, fetched now; a server that has nothing changes nothing', async () => {
    const { take, ids } = site()
    const server = await startFeedServer(({ path }, response) => {
      if (path.startsWith('/feeds/osv.json')) response.end(record('A-1'))
      else response.writeHead(405).end()
    })
    try {
      const [outcome] = await take(`${server.url}/feeds/osv.json?token=s3cret-canary`)
      expect(outcome).toMatchObject({
        state: 'imported',
        feed: { id: expect.stringMatching(/^127\.0\.0\.1:\d+\/feeds\/osv\.json$/) },
      })
      expect(JSON.stringify(outcome)).not.toContain('canary')
      expect(await take(`${server.url}/gone`)).toMatchObject([
        { state: 'refused', reason: 'it answered with status 405' },
      ])
      expect(await ids()).toEqual(['A-1'])
    } finally {
      await server.close()
    }
  })

  test('bytes that were changed where they are kept are not believed', async () => {
    const { dir, take, ids, kept, stateDir } = site()
    await take(put(dir, 'one.json', record('A-1')))
    rmSync(join(stateDir, 'intel', 'index'), { recursive: true })
    const [name = ''] = kept()
    writeFileSync(join(stateDir, 'intel', 'kept', name), record('EVIL-1'))
    expect(await ids()).toBe('malformed')
  })

  test.each([
    ['https://osv.example/npm/all.zip?x=1#y', 'osv.example/npm/all.zip'],
    ['https://user:pw@feeds.example/a8Kx92LmQ0zR71vB/kev.json', 'feeds.example/***/kev.json'],
    ['/srv/feeds/kev.json', 'kev.json'],
  ])('%s is called %s', (source, name) => {
    expect(feedName(source)).toBe(name)
  })
})

describe('an archive for a site without a network', () => {
  async function packed() {
    const here = site()
    const folder = join(here.dir, 'osv')
    put(folder, 'a.json', record('A-1'))
    await here.take(put(here.dir, 'imported.json', record('B-1')))
    const file = join(here.dir, 'feeds.zip')
    const made = await exportFeeds(here.stateDir, [{ path: folder }, { path: 'https://api.osv.dev' }], file)
    return { ...here, folder, file, made }
  }

  test('everything in place goes over, and is the same there', async () => {
    const { file, made } = await packed()
    expect(made.feeds.map((one) => one.id)).toEqual(['imported.json', 'osv'])
    expect(made.left).toEqual([{ id: 'api.osv.dev', reason: 'a service cannot be put in an archive' }])
    const there = site()
    expect(await there.take(file)).toMatchObject([{ state: 'imported' }, { state: 'imported' }])
    expect(await there.ids()).toEqual(['A-1', 'B-1'])
  })

  test('the same feeds give the same bytes; a file that is there is not touched', async () => {
    const { stateDir, folder, file, dir } = await packed()
    const again = join(dir, 'again.zip')
    await exportFeeds(stateDir, [{ path: folder }], again)
    expect(readFileSync(again)).toEqual(readFileSync(file))
    await expect(exportFeeds(stateDir, [{ path: folder }], again)).rejects.toThrow('EEXIST')
  })

  test('an archive that was changed is refused whole', async () => {
    const { file } = await packed()
    const bytes = readFileSync(file)
    const there = site()
    for (let at = 200; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0xff
      writeFileSync(file, changed)
      const outcomes = await there.take(file)
      if (outcomes.some((one) => one.state === 'imported')) expect(await there.ids()).toEqual(['A-1', 'B-1'])
      else expect(outcomes).toMatchObject([{ state: 'refused' }])
    }
    writeFileSync(file, bytes.subarray(0, bytes.length - 40))
    expect(await site().take(file)).toMatchObject([{ state: 'refused', code: 'malformed' }])
    expect(existsSync(file)).toBe(true)
  })
})

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined

describe.skipIf(!hasKeygen)('importing what somebody signed', () => {
  function signed() {
    const here = site()
    const file = put(here.dir, 'one.json', record('A-1'))
    const keyFile = join(here.dir, 'key')
    const run = (...args: string[]) => expect(spawnSync('ssh-keygen', args).status).toBe(0)
    run('-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', keyFile)
    const sign = () => {
      rmSync(`${file}.sig`, { force: true })
      run('-q', '-Y', 'sign', '-n', 'file', '-f', keyFile, file)
    }
    const key = readFileSync(`${keyFile}.pub`, 'utf8').trim()
    const take = (source: string) =>
      importFeed(source, { stateDir: here.stateDir, at, signal: new AbortController().signal, key })
    return { ...here, file, sign, take }
  }

  test('it stays verified where it is kept, and a wrong or missing signature changes nothing', async () => {
    const { file, sign, take, ids, kept } = signed()
    expect(await take(file)).toMatchObject([{ state: 'refused', reason: expect.stringContaining('no signature') }])
    sign()
    expect(await take(file)).toMatchObject([{ state: 'imported', feed: { signature: 'verified' } }])
    writeFileSync(file, record('EVIL-1'))
    expect(await take(file)).toMatchObject([{ state: 'refused', reason: 'its signature is wrong' }])
    expect(await ids()).toEqual(['A-1'])
    expect(kept()).toHaveLength(2)
  })

  test('from an address, with the signature that lies beside it there', async () => {
    const { file, sign, take, ids } = signed()
    sign()
    const server = await startFeedServer(({ path }, response) => {
      if (path === '/one.json?edition=1') response.end(readFileSync(file))
      else if (path === '/one.json.sig?edition=1') response.end(readFileSync(`${file}.sig`))
      else response.writeHead(404).end()
    })
    try {
      const outcomes = await take(`${server.url}/one.json?edition=1`)
      expect(outcomes).toMatchObject([{ state: 'imported', feed: { signature: 'verified' } }])
      expect(await take(`${server.url}/one.json`)).toMatchObject([{ state: 'refused' }])
      expect(await ids()).toEqual(['A-1'])
    } finally {
      await server.close()
    }
  })
})
