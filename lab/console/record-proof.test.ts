import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { withState } from '../e2e/state-database.ts'
import { writeConsoleHome } from './console-home.ts'
import { type ConsolePage, looksRight, openPage } from './console-page.ts'
import { buildConsole, type ServedConsole, serveConsole } from './served-console.ts'

const options = await chromiumHere()

describe.skipIf(options === null)('the proof of a record, in a browser (needs Chromium: CHROMIUM_PATH)', () => {
  let browser: Browser
  let served: ServedConsole
  let opened: ConsolePage
  beforeAll(async () => {
    buildConsole()
    const parts = await Promise.all([chromium.launch(options ?? {}), serveConsole(writeConsoleHome)])
    browser = parts[0]
    served = parts[1]
    opened = await openPage(browser, served.link)
    await opened.page.getByRole('button', { name: 'Look for the first time' }).click()
    await opened.page.getByText('servers in').waitFor({ timeout: 60_000 })
    opened.complaints.length = 0
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  const check = () => opened.page.getByRole('button', { name: 'Check that it is in the ledger' })
  const checked = () => opened.page.getByRole('status', { name: 'Checked in this browser' })

  test('a record is checked where it is looked at: bytes, keys and head pass', async () => {
    const { page } = opened
    await page.goto(`${served.origin}/evidence`)
    await page.locator('[data-row]').first().click()
    await check().click()
    await checked().waitFor()
    expect(await checked().locator('> *').count()).toBe(3)
    expect((await checked().textContent())?.match(/[●▲◌]/g)).toEqual(['●', '●', '●'])
    await looksRight(opened, 'record-proof')
    // An object that it names is held against its name.
    await page.locator('pre.outside a').first().click()
    await page.getByText('computed in this browser').waitFor()
    expect(opened.complaints).toEqual([])
    expect(opened.elsewhere).toEqual([])
  }, 180_000)

  test('what the server says of itself is not believed: an altered proof fails in the browser', async () => {
    const { page } = opened
    await page.route('**/api/v1/proof?*', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.proof.record.outcome = 'all well'
      await route.fulfill({ response: answer, json: body })
    })
    await page.goto(`${served.origin}/evidence`)
    await page.locator('[data-row]').first().click()
    await check().click()
    await checked().getByText('its bytes do not lead to the root of the head').waitFor()
    expect((await checked().textContent())?.match(/[●▲◌]/g)).toEqual(['▲', '●', '●'])
    await page.unroute('**/api/v1/proof?*')
  }, 120_000)

  test('where the record was changed in the state, there is no proof and the reason is told', async () => {
    const { page } = opened
    withState(served.installation, (state) => state.exec(`update runs set body = replace(body, '"daily"', '"dally"')`))
    await page.goto(`${served.origin}/evidence`)
    await page.locator('[data-row]').first().click()
    await check().click()
    await page.getByText('No proof could be made').waitFor()
    await page.getByText(/The record is not what was sealed as leaf \d+/).waitFor()
  }, 120_000)
})
