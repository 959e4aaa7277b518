import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { makeHome, type TestHome, upkeep } from '../cli/cli-process.cases.ts'
import { ListedFeed } from './feeds-list.ts'

const practice = join(import.meta.dirname, '../../lab/feeds')
const made: TestHome[] = []
afterAll(() => {
  for (const { home } of made) rmSync(dirname(home), { recursive: true, force: true })
})

/** A home with the practice feeds in it, and an upkeep.yaml that names one of them. */
function homeWithFeeds(): TestHome {
  const yaml =
    'version: 1\nfeeds:\n  sources:\n    - path: feeds/hostile-edition/osv\n    - path: feeds/second-edition/kev.json\n      maxAgeDays: 3650\n'
  const where = makeHome({ 'upkeep.yaml': yaml })
  cpSync(practice, join(where.home, 'feeds'), { recursive: true })
  made.push(where)
  return where
}

function feedsIn(out: string): ListedFeed[] {
  return z.object({ feeds: z.array(ListedFeed) }).parse(JSON.parse(out)).feeds
}

describe('upkeep feeds', { timeout: 120_000 }, () => {
  test('lists each feed with form, age, and what is set aside, and shows no terminal command', async () => {
    const where = homeWithFeeds()
    const { code, out } = await upkeep(where, 'feeds', '--json')
    expect(code).toBe(0)
    expect(feedsIn(out).map((one) => [one.form, one.usable, one.stale, one.quarantined.length])).toEqual([
      ['osv', true, false, 0],
      ['osv', false, false, 10],
      ['kev', true, false, 0],
    ])
    const text = await upkeep(where, 'feeds', '--verbose')
    expect(text.out).toContain('unusable')
    expect(text.out).toContain('words-to-a-model.json')
    expect(text.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
    expect((await upkeep(where, 'feeds', '--csv')).out.split('\r\n')[0]).toContain('quarantined')
  })

  test('imports, exports, and imports elsewhere', async () => {
    const here = homeWithFeeds()
    const first = await upkeep(here, 'feeds', 'import', 'feeds/first-edition/osv', 'feeds/first-edition/epss.csv')
    expect([first.code, first.err]).toEqual([0, ''])
    const exported = await upkeep(here, 'feeds', 'export', 'all.zip')
    expect(exported.code).toBe(0)
    expect((await upkeep(here, 'feeds', 'export', 'all.zip')).code).toBe(2)
    const there = makeHome({})
    made.push(there)
    cpSync(join(here.home, 'all.zip'), join(there.home, 'all.zip'))
    // The hostile feed goes along as it lies, and is refused by whoever imports it.
    const over = await upkeep(there, 'feeds', 'import', 'all.zip')
    expect(over.code).toBe(2)
    expect(over.err).toContain('3 others were taken in')
    const forms = feedsIn((await upkeep(there, 'feeds', '--json')).out).map((one) => one.form)
    expect(forms.sort()).toEqual(['epss', 'kev', 'osv', 'osv'])
  })

  test('one of whose records most are set aside is not fine; one that is refused says why', async () => {
    const where = homeWithFeeds()
    const sound = join(where.home, 'feeds/first-edition/osv/GHSA-6xpm-ggf7-wc3p.json')
    cpSync(sound, join(where.home, 'feeds/hostile-edition/osv/sound.json'))
    const taken = await upkeep(where, 'feeds', 'import', 'feeds/hostile-edition/osv')
    expect(taken.out).toMatch(/^ {2}partly +import osv\n +osv, 1 of 11 records,/)
    expect((await upkeep(where, 'feeds')).out).toContain('1 of 11 records')
    rmSync(join(where.home, 'feeds/hostile-edition/osv/sound.json'))
    const refused = await upkeep(where, 'feeds', 'import', 'feeds/hostile-edition/osv', '--name', 'hostile')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('\n  quarantined: all-of-many-packages.json: ')
    expect(refused.err).toContain('\n  and 5 more quarantined\n')
    expect(refused.err).toContain('Nothing was changed.')
    expect(refused.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
  })

  test('a folder with several feeds is taken in feed by feed, and what is no feed is named', async () => {
    const where = homeWithFeeds()
    cpSync(join(practice, 'README.md'), join(where.home, 'feeds/first-edition/README.md'))
    const { code, out, err } = await upkeep(where, 'feeds', 'import', 'feeds/first-edition')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('left out  first-edition/README.md: neither JSON nor a table that is known')
    const forms = feedsIn((await upkeep(where, 'feeds', '--json')).out).flatMap((one) =>
      one.source.startsWith('import ') ? [one.form] : [],
    )
    expect(forms.sort()).toEqual(['csaf', 'cve', 'epss', 'indicators', 'kev', 'osv', 'stix'])
  })

  test.each([
    ['key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExample0', 'signs nothing'],
    ['sha256', 'a'.repeat(64), 'has no digest'],
  ])('%s for a service is refused', async (field, value, says) => {
    const yaml = `version: 1\nfeeds:\n  sources:\n    - path: https://api.osv.dev\n      ${field}: ${value}\n`
    const where = makeHome({ 'upkeep.yaml': yaml })
    made.push(where)
    const { code, err } = await upkeep(where, 'feeds')
    expect(code).toBe(2)
    expect(err).toContain(says)
  })

  test('what cannot be read changes nothing, and its text is not repeated', async () => {
    const where = makeHome({ 'bad.json': '{"id": "canary', 'cut.zip': 'PK\u0003\u0004 and no more than this, canary' })
    made.push(where)
    for (const name of ['bad.json', 'cut.zip', 'gone.json', 'http://127.0.0.1:9/feed.json']) {
      const { code, out, err } = await upkeep(where, 'feeds', 'import', name)
      expect([code, out]).toEqual([2, ''])
      expect(err).toContain('Not taken in')
      expect(err).not.toContain('canary')
    }
    const list = join(where.state, 'intel', 'imports.json')
    expect(existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []).toEqual([])
  })
})
