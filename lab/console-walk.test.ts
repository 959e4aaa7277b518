import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from './chromium.ts'
import { writeConsoleHome } from './e2e/console-home.ts'
import { type ConsolePage, openPage, seriousFaults } from './e2e/console-page.ts'
import { buildConsole, type ServedConsole, serveConsole } from './e2e/served-console.ts'

const options = await chromiumHere()

/** The short walk, with every change of the code; `lab/e2e` has the long ones. */
describe.skipIf(options === null)('a walk through the console (needs Chromium: CHROMIUM_PATH)', () => {
  let browser: Browser
  let served: ServedConsole
  let opened: ConsolePage
  beforeAll(async () => {
    buildConsole()
    const parts = await Promise.all([chromium.launch(options ?? {}), serveConsole(writeConsoleHome)])
    browser = parts[0]
    served = parts[1]
    opened = await openPage(browser, served.link)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  test('from the first look through every page: nothing is refused, nothing elsewhere is asked, axe finds nothing serious', async () => {
    const { page, complaints, elsewhere } = opened
    await page.getByRole('button', { name: 'Look for the first time' }).click()
    await page.getByText('servers in').waitFor({ timeout: 60_000 })
    complaints.length = 0
    for (const [path, name] of [
      ['/', 'Today'],
      ['/fleet', 'Fleet'],
      ['/fleet/github', 'github'],
      ['/findings', 'Findings'],
      ['/findings?view=queue', 'Findings'],
      ['/findings?view=time', 'Findings'],
      ['/changes', 'Changes'],
      ['/calendar', 'Calendar'],
      ['/evidence', 'Evidence'],
      ['/settings', 'Settings'],
    ] as const) {
      await page.goto(`${served.origin}${path}`)
      await page.getByRole('heading', { name, level: 1 }).waitFor()
      await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
      expect([path, await seriousFaults(page)]).toEqual([path, []])
    }
    expect(complaints).toEqual([])
    expect(elsewhere).toEqual([])
  }, 120_000)

  test('its files come compressed to whoever takes that, and are kept; the page itself is not', async () => {
    const script = opened.scripts.map((one) => one.url()).find((url) => /\/assets\/index-[\w-]+\.js$/.test(url)) ?? ''
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
    expect((await fetch(`${served.origin}/`)).headers.get('cache-control')).toBe('no-store')
  })
})
