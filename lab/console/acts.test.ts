import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { writeConsoleHome } from './console-home.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'
import { addPasskey } from './virtual-passkey.ts'

inBrowser('what is done in the console', writeConsoleHome, (at) => {
  beforeAll(async () => {
    await at.lookFirst()
    await addPasskey(at.page, at.served.origin)
  })

  const fileOf = (name: string) => join(at.served.installation.home, name)
  const textOf = (name: string) => readFileSync(fileOf(name), 'utf8')
  const steps = () => at.page.getByRole('log', { name: 'Its steps' })
  /** By keyboard: the next thing of this name, as the Tab key comes to it. */
  async function tabTo(name: string): Promise<void> {
    for (let step = 0; step < 60; step += 1) {
      const label = await at.page.evaluate(labelOfFocus)
      if (label === name) return
      await at.page.keyboard.press('Tab')
    }
    throw new Error(`the Tab key does not come to "${name}"`)
  }

  test('a window is changed by keyboard alone: what it comes to, what is written, the passkey, each step, and back', async () => {
    const before = textOf('upkeep.yaml')
    await at.goto('/calendar')
    await at.page.getByText('every Sunday at 02:00 in Europe/Berlin, for 2 h').waitFor()
    await looksRight(at.opened, 'calendar-cards')
    await tabTo('Change Sunday night')
    await at.page.keyboard.press('Enter')
    await at.page.getByRole('dialog', { name: 'The window "Sunday night"' }).waitFor()
    await tabTo('It opens at')
    await at.page.keyboard.type('0230AM')
    await at.page.getByText('not 2027-03-28 02:30: the clock skips that hour').waitFor()
    await looksRight(at.opened, 'window-form')
    await tabTo('Show what would be written')
    await at.page.keyboard.press('Enter')
    await at.button('Propose: change the window "Sunday night"').waitFor()
    expect(await at.page.locator('.difference ins').allInnerTexts()).toEqual(['at: 02:30'])
    expect(textOf('upkeep.yaml')).toBe(before)
    await tabTo('Propose: change the window "Sunday night"')
    await at.page.keyboard.press('Enter')
    await at.page.getByRole('link', { name: 'see what it waits for' }).waitFor()
    await tabTo('see what it waits for')
    await at.page.keyboard.press('Enter')
    await at.button(/^Approve: /).waitFor()
    await tabTo('Approve: change the window "Sunday night"')
    await at.page.keyboard.press('Enter')
    await at.page.getByText('signed with a passkey of theirs').waitFor()
    await tabTo('Make it now')
    await at.page.keyboard.press('Enter')
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
    await looksRight(at.opened, 'change-made')
    await tabTo('Take it back')
    await at.page.keyboard.press('Enter')
    await at.page.getByLabel('Why').waitFor()
    await at.page.keyboard.type('only tried')
    await at.page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).press('Enter')
    await steps().getByText('taken back (identical)').waitFor({ timeout: 45_000 })
    expect(textOf('upkeep.yaml')).toBe(before)
    await looksRight(at.opened, 'change-taken-back')
  })

  test('a write whose answer is lost on the way is asked for again, and is done once', async () => {
    await at.goto('/calendar')
    await at.button('Add a freeze').click()
    await at.page.getByLabel('Why nothing is changed then').fill('trade fair')
    await at.page.getByLabel('From').fill('2037-02-01T00:00')
    await at.page.getByLabel('Until').fill('2037-02-03T00:00')
    await looksRight(at.opened, 'freeze-form')
    await at.button('Show what would be written').click()
    await at.button(/^Propose: declare the freeze/).waitFor()
    let cut = 0
    await at.page.route('**/api/v1/freeze/set', async (route) => {
      cut += 1
      if (cut > 1) return route.continue()
      // It arrives and is done; the answer does not come back.
      await route.fetch()
      return route.abort('connectionreset')
    })
    await at.button(/^Propose: declare the freeze/).click()
    await at.page.getByText('The connection broke').waitFor()
    await at.page.getByRole('link', { name: 'see what it waits for' }).waitFor()
    await at.page.unroute('**/api/v1/freeze/set')
    expect(cut).toBe(2)
    await at.goto('/changes')
    await at.page.getByRole('row').filter({ hasText: 'declare the freeze' }).waitFor()
    expect(await at.page.getByRole('row').filter({ hasText: 'declare the freeze' }).count()).toBe(1)
    at.opened.complaints.length = 0
  })

  test('what was altered after it was approved is not made, and the page says why', async () => {
    await at.page.getByRole('link', { name: 'declare the freeze "trade fair"' }).click()
    await at.button(/^Approve: /).click()
    await at.page.getByText('signed with a passkey of theirs').waitFor()
    const theirs = `${textOf('upkeep.yaml')}# somebody else\n`
    writeFileSync(fileOf('upkeep.yaml'), theirs)
    await at.button('Make it now').click()
    await steps().getByText('somebody else wrote it meanwhile').or(at.page.getByRole('alert')).first().waitFor()
    await looksRight(at.opened, 'refused-altered')
    expect(textOf('upkeep.yaml')).toBe(theirs)
  })

  test('outside its window a change waits, and the page says for what', async () => {
    await at.goto('/changes?fix=fs')
    await at.button(/^Propose: set fs to/).click()
    await at.page.getByRole('link', { name: 'see what it waits for' }).click()
    await at.button(/^Approve: /).click()
    await at.page.getByText('signed with a passkey of theirs').waitFor()
    await looksRight(at.opened, 'change-approved')
    await at.button('Make it now').click()
    await at.page.getByText('no window is open; the next time is').first().waitFor()
    await looksRight(at.opened, 'refused-window')
    expect(textOf('.cursor/mcp.json')).toContain('server-filesystem@2025.3.28')
  })

  test('an emergency is declared, contained in seconds though no window is open, and ended by taking it back', async () => {
    const before = readFileSync(fileOf('.cursor/mcp.json'))
    await at.goto('/findings')
    await at.page.getByRole('link', { name: 'mcp-remote 0.1.15 has a known' }).click()
    await at.button('It is an emergency').click()
    await at.page.getByLabel('Why, for the record').fill('it is exploited')
    await at.button('Switch it off now').click()
    await at.page.getByText(/Contained \d+ s after it was opened/).waitFor({ timeout: 30_000 })
    await looksRight(at.opened, 'emergency-contained')
    expect(readFileSync(fileOf('.cursor/mcp.json')).equals(before)).toBe(false)
    expect(JSON.parse(textOf('.cursor/mcp.json')).mcpServers.crm?.command).toBeUndefined()
    await at.page.getByRole('link', { name: 'The change', exact: true }).click()
    await steps().getByText('kept before anything was touched').waitFor()
    await steps().getByText('approved by').waitFor()
    await looksRight(at.opened, 'emergency-change')
    await at.button('Take it back').click()
    await at.page.getByLabel('Why').fill('the vendor has closed it')
    await at.page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await steps().getByText('taken back (identical)').waitFor({ timeout: 45_000 })
    expect(readFileSync(fileOf('.cursor/mcp.json')).equals(before)).toBe(true)
  })

  test('on paper: no navigation, nothing cut, addresses and moments written out', async () => {
    const change = at.page.url()
    for (const [path, name] of [
      ['/', 'today'],
      ['/findings', 'findings'],
      [new URL(change).pathname, 'change'],
      ['/findings?view=time', 'trends'],
    ] as const) {
      await at.goto(path)
      await at.page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
      await looksRight(at.opened, `print-${name}`, 'print')
      await at.page.emulateMedia({ media: 'print' })
      expect(await at.page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false)
      expect(await at.page.locator('.no-print:visible').count()).toBe(0)
    }
    await at.goto('/findings')
    await at.page.emulateMedia({ media: 'print' })
    const row = at.page.locator('[data-row]').first()
    // The list is measured anew for paper: a row may be drawn again while it is looked at.
    await expect
      .poll(() => row.evaluate((one) => getComputedStyle(one, '::after').content))
      .toMatch(/\/findings\/[0-9a-f]{16}/)
    const path = join(at.served.installation.home, 'page.pdf')
    await at.page.pdf({ path, format: 'A4' })
    expect(statSync(path).size).toBeGreaterThan(10_000)
    await at.page.emulateMedia({ media: 'screen' })
  })

  test('an agent that sits there decides nothing, and the page says so', async () => {
    await at.goto('/calendar')
    await at.button('Remove holidays').click()
    await at.button('Show what would be written').click()
    const yaml = textOf('upkeep.yaml')
    writeFileSync(
      fileOf('upkeep.yaml'),
      yaml.replace('roles: [admin, operator, approver, reviewer]', 'roles: [admin, approver], agent: true'),
    )
    expect(textOf('upkeep.yaml')).not.toBe(yaml)
    await at.goto('/changes')
    await at.page.getByRole('link', { name: /set fs to/ }).click()
    await at.button('Refuse').click()
    await at.page.getByLabel('Why').fill('an agent says so')
    await at.button('Refuse: it is not made').click()
    await at.page.getByRole('alert').filter({ hasText: 'agents decide nothing' }).waitFor()
    await looksRight(at.opened, 'refused-agent')
    writeFileSync(fileOf('upkeep.yaml'), yaml)
  })

  test('nothing was refused to the pages, nothing was asked of anybody else', () => {
    expect(at.opened.elsewhere).toEqual([])
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
