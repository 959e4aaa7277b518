import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { asThePage } from './as-the-page.ts'
import { writeConsoleHome } from './console-home.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'

const notFound = 'Failed to load resource: the server responded with a status of 404 (Not Found)'

inBrowser('the console in a browser', writeConsoleHome, (at) => {
  test('where nothing was looked at, each page says what would make something be there', async () => {
    for (const path of ['/', '/fleet', '/findings', '/changes', '/calendar', '/evidence', '/settings']) {
      await at.goto(path)
      await looksRight(at.opened, `first-${path === '/' ? 'today' : path.slice(1)}`)
    }
    await at.goto('/')
    await at.button('Look for the first time').click()
    await at.page.getByText('servers in').waitFor({ timeout: 60_000 })
    expect(at.opened.complaints.filter((one) => one !== notFound)).toEqual([])
    at.opened.complaints.length = 0
  })

  test('the first page loads less than 250 kB of script, as gzip', async () => {
    at.opened.scripts.length = 0
    await at.goto('/')
    await at.button('Look again now').waitFor()
    const ready = await at.page.evaluate(() => Math.round(performance.now()))
    const loaded = await Promise.all(at.opened.scripts.map((response) => response.body()))
    const bytes = loaded.reduce((sum, body) => sum + gzipSync(body).length, 0)
    console.log(`first load: ${Math.round(bytes / 1_000)} kB of script as gzip, in use after ${ready} ms`)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(250_000)
  })

  test('its files come compressed to whoever takes that, and are kept; the page itself is not', async () => {
    const script =
      at.opened.scripts.map((one) => one.url()).find((url) => /\/assets\/index-[\w-]+\.js$/.test(url)) ?? ''
    const sizes: number[] = []
    for (const [accepted, encoding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const answer = await fetch(script, { headers: { 'accept-encoding': accepted } })
      expect([accepted, answer.headers.get('content-encoding')]).toEqual([accepted, encoding])
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(answer.headers.get('content-type')).toContain('javascript')
      sizes.push((await answer.arrayBuffer()).byteLength)
    }
    // Each way says the same.
    expect(new Set(sizes).size).toBe(1)
    expect((await fetch(`${at.served.origin}/`)).headers.get('cache-control')).toBe('no-store')
  })

  test('from today to a finding, to the change that closes it, to its page', async () => {
    await at.goto('/')
    await looksRight(at.opened, 'today')
    await at.page.getByRole('article').filter({ hasText: 'server-filesystem' }).getByRole('link').first().click()
    await at.heading('Patch available').or(at.heading('Known vulnerability')).first().waitFor()
    await looksRight(at.opened, 'finding')
    await at.page.getByRole('link', { name: 'See the change that closes it' }).click()
    await at.button(/^Propose: set fs to/).waitFor()
    expect(await at.page.locator('.difference ins').allInnerTexts()).toEqual([
      '@modelcontextprotocol/server-filesystem@2.0.1',
    ])
    await looksRight(at.opened, 'plan')
    await at.button(/^Propose: set fs to/).click()
    await at.page.getByRole('link', { name: 'see what it waits for' }).click()
    await at.heading('set fs to @modelcontextprotocol/server-filesystem 2.0.1').waitFor()
    await at.page.getByRole('heading', { name: 'What was proven' }).waitFor()
    await at.button('Show the document').click()
    await at.page.getByText('# set fs to').waitFor()
    await looksRight(at.opened, 'change')
    expect(readFileSync(join(at.served.installation.home, '.cursor/mcp.json'), 'utf8')).toContain('2025.3.28')
  })

  test('a change that somebody should see is refused with a reason, or given up, and is never made by a page alone', async () => {
    await at.button(/^Approve: set fs to/).click()
    await at.page.getByRole('alert').filter({ hasText: 'waits for the approval of a person' }).waitFor()
    await at.button('Give it up').click()
    await at.page.getByLabel('Why').fill('done otherwise')
    await looksRight(at.opened, 'give-up')
    await at.button('Give it up: it is never made').click()
    await at.page.getByText('abandoned').first().waitFor()
    await looksRight(at.opened, 'change-given-up')
    at.opened.complaints.length = 0
    await at.goto('/changes?view=all')
    await at.page.getByRole('row').filter({ hasText: 'set fs to' }).waitFor()
    await looksRight(at.opened, 'changes')
  })

  test('an emergency says what it will do, and a rehearsal of it writes nothing', async () => {
    const before = readFileSync(join(at.served.installation.home, '.cursor/mcp.json'))
    await at.goto('/findings')
    await at.page.getByRole('link', { name: 'mcp-remote 0.1.15 has a known' }).click()
    await at.button('It is an emergency').click()
    await at.button('Rehearse: write nothing').click()
    await at.page.getByText('Rehearsed: 1 file would be written; nothing was').waitFor()
    await looksRight(at.opened, 'emergency')
    expect(readFileSync(join(at.served.installation.home, '.cursor/mcp.json')).equals(before)).toBe(true)
    await at.page.keyboard.press('Escape')
    await at.page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('the same question of several servers is one, and is answered for all of them', async () => {
    await at.goto('/')
    const card = at.page.getByRole('article').filter({ hasText: '7 servers have no approved state' })
    await card.getByText('One by one').click()
    await looksRight(at.opened, 'today-unfolded')
    await card.getByRole('button', { name: 'Decide all 7' }).click()
    await at.page.getByLabel('Why, for the record').fill('as they were set up')
    await looksRight(at.opened, 'decide')
    await at.button('Yes').click()
    await at.page.getByRole('dialog').getByRole('listitem').first().waitFor()
    await at.page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    const { answer: approved } = await asThePage(at.page, 'baseline/show')
    expect(Object(approved).servers).toHaveLength(7)
  })

  test('the fleet is searched, says who has a package, and what a vendor reaches; a text of a stranger is text', async () => {
    await at.goto('/fleet')
    await at.page.getByLabel('Search servers').fill('claude-desktop')
    await at.page.getByText('2 rows').waitFor()
    await at.page.getByLabel('Search servers').fill('')
    await at.page.getByLabel('A package, with a version if you like').fill('mcp-remote@0.1.15')
    await at.page.keyboard.press('Enter')
    await at.page.getByText('1 of 7 servers have it').waitFor()
    await at.button('GitHub').click()
    await at.page.getByText('In reach of github: 1 server').waitFor()
    await looksRight(at.opened, 'fleet')
    expect(await at.page.getByText('⟨U+202E⟩').count()).toBeGreaterThan(0)
    expect(await at.page.locator('main img').count()).toBe(0)
    await at.page.getByRole('link', { name: 'fs', exact: true }).first().click()
    await at.heading('fs').waitFor()
    await looksRight(at.opened, 'server')
  })

  test('what drifted is shown word by word, with what is hidden in it', async () => {
    const file = join(at.served.installation.home, '.cursor/mcp.json')
    const config = JSON.parse(readFileSync(file, 'utf8'))
    config.mcpServers.everything.args = ['-y', '@modelcontextprotocol/server-everything@2025.9.12', '/srv/da\u200bta']
    writeFileSync(file, JSON.stringify(config))
    await asThePage(at.page, 'scan', { duties: ['configuration-drift-detection'] })
    await at.goto('/findings')
    await at.page.getByRole('link', { name: 'args[1]: was' }).click()
    await at.heading('What is started is not what was approved').waitFor()
    expect(await at.page.locator('.difference mark').allInnerTexts()).toEqual([
      '@2025.9.12',
      'nothing',
      '/srv/da⟨U+200B⟩ta',
    ])
    expect(await at.page.locator('.difference-line').first().textContent()).toContain('server-everything')
    await looksRight(at.opened, 'drift')
  })

  test('calendar, evidence to a record, settings, a wrong address', async () => {
    await at.goto('/calendar')
    await at.page.getByText('Sunday night').waitFor()
    await looksRight(at.opened, 'calendar')
    const feed = await at.page.context().request.get(`${at.served.origin}/calendar.ics`)
    expect(await feed.text()).toContain('SUMMARY:Window: Sunday night')
    await at.goto('/evidence')
    await at.page.getByRole('row').nth(1).waitFor()
    await looksRight(at.opened, 'evidence')
    await at.page.locator('[data-row]').first().click()
    await at.page.locator('pre.outside a').first().waitFor()
    await looksRight(at.opened, 'record')
    for (const [path, name] of [
      ['/findings', 'findings'],
      ['/findings?view=queue', 'findings-by-change'],
      ['/findings?view=accepted', 'findings-accepted'],
      ['/findings?view=time', 'findings-over-time'],
      ['/settings', 'settings'],
      ['/findings/nothing', 'no-finding'],
      ['/fleet/nothing', 'no-server'],
    ] as const) {
      await at.goto(path)
      await looksRight(at.opened, name)
    }
  })

  test('a page of which a part does not arrive says so, and the others are drawn', async () => {
    await at.page.route(/\/assets\/trends-/, (route) => route.abort())
    await at.goto('/findings?view=time')
    await at.page.getByText('This page could not be drawn').waitFor()
    await looksRight(at.opened, 'not-drawn')
    await at.page.getByRole('link', { name: 'Fleet', exact: true }).click()
    await at.heading('Fleet').waitFor()
    await at.page.unroute(/\/assets\/trends-/)
    at.opened.complaints.length = 0
  })

  test('a browser whose language nobody knows draws the plots too', async () => {
    await at.page.addInitScript(() =>
      Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true }),
    )
    await at.goto('/findings?view=time')
    await at.page.locator('canvas').first().waitFor()
    expect(at.opened.complaints).toEqual([])
  })

  test('on a narrow page the navigation is folded away, and opens over it', async () => {
    await at.page.setViewportSize({ width: 360, height: 780 })
    await at.goto('/')
    const navigation = at.page.getByRole('navigation', { name: 'Pages' })
    expect(await navigation.getByRole('link', { name: 'Calendar' }).isVisible()).toBe(false)
    await at.page.locator('.mantine-Burger-root').click()
    await navigation.getByRole('link', { name: 'Calendar' }).click()
    await at.heading('Calendar').waitFor()
    await at.page.setViewportSize({ width: 1_200, height: 900 })
  })

  test('nothing was refused to the pages, nothing was asked of anybody else', () => {
    expect(at.opened.complaints).toEqual([])
    expect(at.opened.elsewhere).toEqual([])
  })

  test('where the session has ended, each page says how to open it again', async () => {
    await at.page.evaluate(() => fetch('/leave', { method: 'POST' }))
    await at.goto('/')
    await at.page.getByText('Press Enter where').first().waitFor()
    await looksRight(at.opened, 'session-ended')
  })
})
