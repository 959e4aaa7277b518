import { expect, test } from 'vitest'
import { withState } from '../e2e/state-database.ts'
import { writeConsoleHome } from './console-home.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'

inBrowser('the proof of a record, in a browser', writeConsoleHome, (at) => {
  const check = () => at.button('Check that it is in the ledger')
  const checked = () => at.page.getByRole('status', { name: 'Checked in this browser' })

  test('a record is checked where it is looked at: bytes, keys and head pass', async () => {
    const { page, goto } = at
    await at.lookFirst()
    at.opened.complaints.length = 0
    await goto('/evidence')
    await page.locator('[data-row]').first().click()
    await check().click()
    await checked().waitFor()
    expect(await checked().locator('> *').count()).toBe(3)
    expect((await checked().textContent())?.match(/[●▲◌]/g)).toEqual(['●', '●', '●'])
    await looksRight(at.opened, 'record-proof')
    // An object that it names is held against its name.
    await page.locator('pre.outside a').first().click()
    await page.getByText('computed in this browser').waitFor()
    expect(at.opened.complaints).toEqual([])
    expect(at.opened.elsewhere).toEqual([])
  })

  test('what the server says of itself is not believed: an altered proof fails in the browser', async () => {
    const { page, goto } = at
    await page.route('**/api/v1/proof?*', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.proof.path.reverse()
      await route.fulfill({ response: answer, json: body })
    })
    await goto('/evidence')
    await page.locator('[data-row]').first().click()
    await check().click()
    await checked().getByText('its bytes do not lead to the root of the head').waitFor()
    expect((await checked().textContent())?.match(/[●▲◌]/g)).toEqual(['▲', '●', '●'])
    await page.unroute('**/api/v1/proof?*')
    await page.route('**/api/v1/show?*', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.body.outcome = 'all well'
      await route.fulfill({ response: answer, json: body })
    })
    await page.reload()
    await check().click()
    await checked().getByText('what is shown here is not the record of the proof').waitFor()
    await page.unroute('**/api/v1/show?*')
  })

  test('where the record was changed in the state, there is no proof and the reason is told', async () => {
    const { page, goto } = at
    withState(at.served.installation, (state) =>
      state.exec(`update runs set body = replace(body, '"missedPeriods":0', '"missedPeriods":1')`),
    )
    await goto('/evidence')
    await page.locator('[data-row]').nth(1).click()
    await check().click()
    await page.getByText('No proof could be made').waitFor()
    await page.getByText(/The record is not what was sealed as leaf \d+/).waitFor()
  })
})
