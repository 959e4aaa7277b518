import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { writeConsoleHome } from './console-home.ts'
import { type ConsolePage, looksRight, openPage } from './console-page.ts'
import { buildConsole, type ServedConsole, serveConsole } from './served-console.ts'

const options = await chromiumHere()
const notFound = 'Failed to load resource: the server responded with a status of 404 (Not Found)'

describe.skipIf(options === null)('the console in a browser (needs Chromium: CHROMIUM_PATH)', () => {
  let browser: Browser
  let served: ServedConsole
  let opened: ConsolePage
  let page: Page
  beforeAll(async () => {
    buildConsole()
    const parts = await Promise.all([chromium.launch(options ?? {}), serveConsole(writeConsoleHome)])
    browser = parts[0]
    served = parts[1]
    opened = await openPage(browser, served.link)
    page = opened.page
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  const goto = (path: string) => page.goto(`${served.origin}${path}`)
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 })
  const button = (name: string | RegExp) => page.getByRole('button', { name })

  test('where nothing was looked at, each page says what would make something be there', async () => {
    for (const path of ['/', '/fleet', '/findings', '/changes', '/calendar', '/evidence', '/settings']) {
      await goto(path)
      await looksRight(opened, `first-${path === '/' ? 'today' : path.slice(1)}`)
    }
    await goto('/')
    await button('Look for the first time').click()
    await page.getByText('servers in').waitFor({ timeout: 60_000 })
    expect(opened.complaints.filter((one) => one !== notFound)).toEqual([])
    opened.complaints.length = 0
  })

  test('the first page loads less than 250 kB of script, as gzip', async () => {
    opened.scripts.length = 0
    await goto('/')
    await button('Look again now').waitFor()
    const ready = await page.evaluate(() => Math.round(performance.now()))
    const loaded = await Promise.all(opened.scripts.map((response) => response.body()))
    const bytes = loaded.reduce((sum, body) => sum + gzipSync(body).length, 0)
    console.log(`first load: ${Math.round(bytes / 1_000)} kB of script as gzip, in use after ${ready} ms`)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(250_000)
  })

  test('from today to a finding, to the change that closes it, to its page', async () => {
    await goto('/')
    await looksRight(opened, 'today')
    await page.getByRole('article').filter({ hasText: 'server-filesystem' }).getByRole('link').first().click()
    await heading('Patch available').or(heading('Known vulnerability')).first().waitFor()
    await looksRight(opened, 'finding')
    await page.getByRole('link', { name: 'See the change that closes it' }).click()
    await button(/^Propose: set fs to/).waitFor()
    expect(await page.locator('.difference ins').allInnerTexts()).toEqual([
      '@modelcontextprotocol/server-filesystem@2.0.1',
    ])
    await looksRight(opened, 'plan')
    await button(/^Propose: set fs to/).click()
    await page.getByRole('link', { name: 'see what it waits for' }).click()
    await heading('set fs to @modelcontextprotocol/server-filesystem 2.0.1').waitFor()
    await page.getByRole('heading', { name: 'What was proven' }).waitFor()
    await button('Show the document').click()
    await page.getByText('# set fs to').waitFor()
    await looksRight(opened, 'change')
    expect(readFileSync(join(served.installation.home, '.cursor/mcp.json'), 'utf8')).toContain('2025.3.28')
  })

  test('a change that somebody should see is refused with a reason, or given up, and is never made by a page alone', async () => {
    await button(/^Approve: set fs to/).click()
    await page.getByRole('alert').filter({ hasText: 'waits for the approval of a person' }).waitFor()
    await button('Give it up').click()
    await page.getByLabel('Why').fill('done otherwise')
    await looksRight(opened, 'give-up')
    await button('Give it up: it is never made').click()
    await page.getByText('abandoned').first().waitFor()
    opened.complaints.length = 0
    await goto('/changes?view=all')
    await page.getByRole('row').filter({ hasText: 'set fs to' }).waitFor()
    await looksRight(opened, 'changes')
  })

  test('an emergency says what it will do, and a rehearsal of it writes nothing', async () => {
    const before = readFileSync(join(served.installation.home, '.cursor/mcp.json'))
    await goto('/findings')
    await page.getByRole('link', { name: 'mcp-remote 0.1.15 has a known' }).click()
    await button('It is an emergency').click()
    await button('Rehearse: write nothing').click()
    await page.getByText('Rehearsed: 1 file would be written; nothing was').waitFor()
    await looksRight(opened, 'emergency')
    expect(readFileSync(join(served.installation.home, '.cursor/mcp.json')).equals(before)).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('the same question of several servers is one, and is answered for all of them', async () => {
    await goto('/')
    const card = page.getByRole('article').filter({ hasText: '7 servers have no approved state' })
    await card.getByText('One by one').click()
    await looksRight(opened, 'today-unfolded')
    await card.getByRole('button', { name: 'Decide all 7' }).click()
    await page.getByLabel('Why, for the record').fill('as they were set up')
    await looksRight(opened, 'decide')
    await button('Yes').click()
    await page.getByRole('dialog').getByRole('listitem').first().waitFor()
    await page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    const approved = await page.evaluate(() => fetch('/api/v1/baseline/show').then((answer) => answer.json()))
    expect(Object(approved).servers).toHaveLength(7)
  })

  test('the fleet is searched, says who has a package, and what a vendor reaches; a text of a stranger is text', async () => {
    await goto('/fleet')
    await page.getByLabel('Search servers').fill('claude-desktop')
    await page.getByText('2 rows').waitFor()
    await page.getByLabel('Search servers').fill('')
    await page.getByLabel('A package, with a version if you like').fill('mcp-remote@0.1.15')
    await page.keyboard.press('Enter')
    await page.getByText('1 of 7 servers have it').waitFor()
    await button('GitHub').click()
    await page.getByText('In reach of github: 1 server').waitFor()
    await looksRight(opened, 'fleet')
    expect(await page.getByText('⟨U+202E⟩').count()).toBeGreaterThan(0)
    expect(await page.locator('main img').count()).toBe(0)
    await page.getByRole('link', { name: 'fs', exact: true }).first().click()
    await heading('fs').waitFor()
    await looksRight(opened, 'server')
  })

  test('what drifted is shown word by word, with what is hidden in it', async () => {
    const file = join(served.installation.home, '.cursor/mcp.json')
    const config = JSON.parse(readFileSync(file, 'utf8'))
    config.mcpServers.everything.args = ['-y', '@modelcontextprotocol/server-everything@2025.9.12', '/srv/da\u200bta']
    writeFileSync(file, JSON.stringify(config))
    await page.evaluate(() =>
      fetch('/api/v1/scan', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"duties":["configuration-drift-detection"]}',
      }),
    )
    await goto('/findings')
    await page.getByRole('link', { name: 'args[1]: was' }).click()
    await heading('What is started is not what was approved').waitFor()
    expect(await page.locator('.difference mark').allInnerTexts()).toEqual([
      '@2025.9.12',
      'nothing',
      '/srv/da⟨U+200B⟩ta',
    ])
    expect(await page.locator('.difference-line').first().textContent()).toContain('server-everything')
    await looksRight(opened, 'drift')
  })

  test('calendar, evidence to a record, settings, a wrong address', async () => {
    await goto('/calendar')
    await page.getByText('Sunday night').waitFor()
    await looksRight(opened, 'calendar')
    const feed = await page.context().request.get(`${served.origin}/calendar.ics`)
    expect(await feed.text()).toContain('SUMMARY:Window: Sunday night')
    await goto('/evidence')
    await page.getByRole('row').nth(1).waitFor()
    await looksRight(opened, 'evidence')
    await page.locator('[data-row]').first().click()
    await page.locator('pre.outside a').first().waitFor()
    await looksRight(opened, 'record')
    for (const [path, name] of [
      ['/findings', 'findings'],
      ['/settings', 'settings'],
      ['/findings/nothing', 'no-finding'],
      ['/fleet/nothing', 'no-server'],
    ] as const) {
      await goto(path)
      await looksRight(opened, name)
    }
  })

  test('nothing was refused to the pages, nothing was asked of anybody else', () => {
    expect(opened.complaints).toEqual([])
    expect(opened.elsewhere).toEqual([])
  })

  test('where the session has ended, each page says how to open it again', async () => {
    await page.evaluate(() => fetch('/leave', { method: 'POST' }))
    await goto('/')
    await page.getByText('Press Enter where').first().waitFor()
    await looksRight(opened, 'session-ended')
  })
})
