import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { writeConsoleHome } from './console-home.ts'
import { type ConsolePage, looksRight, openPage } from './console-page.ts'
import { buildConsole, type ServedConsole, serveConsole } from './served-console.ts'
import { virtualPasskey } from './virtual-passkey.ts'

const options = await chromiumHere()

describe.skipIf(options === null)('what is done in the console (needs Chromium: CHROMIUM_PATH)', () => {
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
    await page.getByRole('button', { name: 'Look for the first time' }).click()
    await page.getByText('servers in').waitFor({ timeout: 60_000 })
    await virtualPasskey(page)
    await goto('/settings')
    await button('Add a passkey').click()
    await page.getByText('Your first: it was believed').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  const goto = (path: string) => page.goto(`${served.origin}${path}`)
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const fileOf = (name: string) => join(served.installation.home, name)
  const textOf = (name: string) => readFileSync(fileOf(name), 'utf8')
  const steps = () => page.getByRole('log', { name: 'Its steps' })
  /** By keyboard: the next thing of this name, as the Tab key comes to it. */
  async function tabTo(name: string): Promise<void> {
    for (let step = 0; step < 60; step += 1) {
      const label = await page.evaluate(labelOfFocus)
      if (label === name) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`the Tab key does not come to "${name}"`)
  }

  test('a window is changed by keyboard alone: what it comes to, what is written, the passkey, each step, and back', async () => {
    const before = textOf('upkeep.yaml')
    await goto('/calendar')
    await page.getByText('every Sunday at 02:00 in Europe/Berlin, for 2 h').waitFor()
    await looksRight(opened, 'calendar-cards')
    await tabTo('Change Sunday night')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'The window "Sunday night"' }).waitFor()
    await tabTo('It opens at')
    await page.keyboard.type('0230AM')
    await page.getByText('not 2027-03-28 02:30: the clock skips that hour').waitFor()
    await looksRight(opened, 'window-form')
    await tabTo('Show what would be written')
    await page.keyboard.press('Enter')
    await button('Propose: change the window "Sunday night"').waitFor()
    expect(await page.locator('.difference ins').allInnerTexts()).toEqual(['at: 02:30'])
    expect(textOf('upkeep.yaml')).toBe(before)
    await tabTo('Propose: change the window "Sunday night"')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'see what it waits for' }).waitFor()
    await tabTo('see what it waits for')
    await page.keyboard.press('Enter')
    await button(/^Approve: /).waitFor()
    await tabTo('Approve: change the window "Sunday night"')
    await page.keyboard.press('Enter')
    await page.getByText('signed with a passkey of theirs').waitFor()
    await tabTo('Make it now')
    await page.keyboard.press('Enter')
    await steps().getByText('closed, done').waitFor({ timeout: 45_000 })
    for (const words of [
      'proposed by',
      'tested: rollback rehearsed passed',
      'approved by',
      'written: ',
      'all is written',
    ])
      await steps().getByText(words).first().waitFor()
    expect(textOf('upkeep.yaml')).toBe(before.replace("at: '02:00'", "at: '02:30'"))
    await looksRight(opened, 'change-made')
    await tabTo('Take it back')
    await page.keyboard.press('Enter')
    await page.getByLabel('Why').waitFor()
    await page.keyboard.type('only tried')
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).press('Enter')
    await steps().getByText('taken back (identical)').waitFor({ timeout: 45_000 })
    expect(textOf('upkeep.yaml')).toBe(before)
  })

  test('a write whose answer is lost on the way is asked for again, and is done once', async () => {
    await goto('/calendar')
    await button('Add a freeze').click()
    await page.getByLabel('Why nothing is changed then').fill('trade fair')
    await page.getByLabel('From').fill('2037-02-01T00:00')
    await page.getByLabel('Until').fill('2037-02-03T00:00')
    await looksRight(opened, 'freeze-form')
    await button('Show what would be written').click()
    await button(/^Propose: declare the freeze/).waitFor()
    let cut = 0
    await page.route('**/api/v1/freeze/set', async (route) => {
      cut += 1
      if (cut > 1) return route.continue()
      // It arrives and is done; the answer does not come back.
      await route.fetch()
      return route.abort('connectionreset')
    })
    await button(/^Propose: declare the freeze/).click()
    await page.getByText('The connection broke').waitFor()
    await page.getByRole('link', { name: 'see what it waits for' }).waitFor()
    await page.unroute('**/api/v1/freeze/set')
    expect(cut).toBe(2)
    await goto('/changes')
    await page.getByRole('row').filter({ hasText: 'declare the freeze' }).waitFor()
    expect(await page.getByRole('row').filter({ hasText: 'declare the freeze' }).count()).toBe(1)
    opened.complaints.length = 0
  })

  test('what was altered after it was approved is not made, and the page says why', async () => {
    await page.getByRole('link', { name: 'declare the freeze "trade fair"' }).click()
    await button(/^Approve: /).click()
    await page.getByText('signed with a passkey of theirs').waitFor()
    const theirs = `${textOf('upkeep.yaml')}# somebody else\n`
    writeFileSync(fileOf('upkeep.yaml'), theirs)
    await button('Make it now').click()
    await steps().getByText('somebody else wrote it meanwhile').or(page.getByRole('alert')).first().waitFor()
    await looksRight(opened, 'refused-altered')
    expect(textOf('upkeep.yaml')).toBe(theirs)
  })

  test('outside its window a change waits, and the page says for what', async () => {
    await goto('/changes?fix=fs')
    // The folder of a test may look drawn at random: then moving it out of the arguments is proposed as well.
    await button(/^Propose: .*set fs to/).click()
    await page.getByRole('link', { name: 'see what it waits for' }).click()
    await button(/^Approve: /).click()
    await page.getByText('signed with a passkey of theirs').waitFor()
    await button('Make it now').click()
    await page.getByText('no window is open; the next time is').first().waitFor()
    await looksRight(opened, 'refused-window')
    expect(textOf('.cursor/mcp.json')).toContain('server-filesystem@2025.3.28')
  })

  test('an emergency is declared, contained in seconds though no window is open, and ended by taking it back', async () => {
    const before = readFileSync(fileOf('.cursor/mcp.json'))
    await goto('/findings')
    await page.getByRole('link', { name: 'mcp-remote 0.1.15 has a known' }).click()
    await button('It is an emergency').click()
    await page.getByLabel('Why, for the record').fill('it is exploited')
    await button('Switch it off now').click()
    await page.getByText(/Contained \d+ s after it was opened/).waitFor({ timeout: 30_000 })
    await looksRight(opened, 'emergency-contained')
    expect(readFileSync(fileOf('.cursor/mcp.json')).equals(before)).toBe(false)
    expect(JSON.parse(textOf('.cursor/mcp.json')).mcpServers.crm?.command).toBeUndefined()
    await page.getByRole('link', { name: 'The change', exact: true }).click()
    await steps().getByText('kept before anything was touched').waitFor()
    await steps().getByText('approved by').waitFor()
    await looksRight(opened, 'emergency-change')
    await button('Take it back').click()
    await page.getByLabel('Why').fill('the vendor has closed it')
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await steps().getByText('taken back (identical)').waitFor({ timeout: 45_000 })
    expect(readFileSync(fileOf('.cursor/mcp.json')).equals(before)).toBe(true)
  })

  test('on paper: no navigation, nothing cut, addresses and moments written out', async () => {
    const change = page.url()
    for (const [path, name] of [
      ['/', 'today'],
      ['/findings', 'findings'],
      [new URL(change).pathname, 'change'],
      ['/findings?view=time', 'trends'],
    ] as const) {
      await goto(path)
      await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
      await looksRight(opened, `print-${name}`, 'print')
      await page.emulateMedia({ media: 'print' })
      expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false)
      expect(await page.locator('.no-print:visible').count()).toBe(0)
    }
    await goto('/findings')
    await page.emulateMedia({ media: 'print' })
    const written = await page
      .locator('[data-row]')
      .first()
      .evaluate((one) => getComputedStyle(one, '::after').content)
    expect(written).toMatch(/\/findings\/[0-9a-f]{16}/)
    const path = join(served.installation.home, 'page.pdf')
    await page.pdf({ path, format: 'A4' })
    expect(statSync(path).size).toBeGreaterThan(10_000)
    await page.emulateMedia({ media: 'screen' })
  })

  test('an agent that sits there decides nothing, and the page says so', async () => {
    await goto('/calendar')
    await button('Remove holidays').click()
    await button('Show what would be written').click()
    const yaml = textOf('upkeep.yaml')
    writeFileSync(
      fileOf('upkeep.yaml'),
      yaml.replace('roles: [admin, operator, approver, reviewer]', 'roles: [admin, approver], agent: true'),
    )
    expect(textOf('upkeep.yaml')).not.toBe(yaml)
    await goto('/changes')
    await page.getByRole('link', { name: /set fs to/ }).click()
    await button('Refuse').click()
    await page.getByLabel('Why').fill('an agent says so')
    await button('Refuse: it is not made').click()
    await page.getByRole('alert').filter({ hasText: 'agents decide nothing' }).waitFor()
    await looksRight(opened, 'refused-agent')
    writeFileSync(fileOf('upkeep.yaml'), yaml)
  })

  test('nothing was refused to the pages, nothing was asked of anybody else', () => {
    expect(opened.elsewhere).toEqual([])
  })
})

/** What the focus is on, as it is called. Runs in the page. */
function labelOfFocus(): string {
  const element = document.activeElement
  if (!(element instanceof HTMLElement) || element === document.body) return ''
  const named = element.getAttribute('aria-label')
  if (named !== null) return named
  if (element instanceof HTMLInputElement) return (element.labels?.[0]?.textContent ?? '').replace(/\s*\*$/, '').trim()
  return element.textContent.trim()
}
