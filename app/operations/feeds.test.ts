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
