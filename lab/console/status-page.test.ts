import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Hook, openHook } from '../servers/webhook.ts'
import { writeConsoleHome } from './console-home.ts'
import { looksRight, openPage } from './console-page.ts'
import { inBrowser } from './in-browser.ts'

let hook: Hook

async function prepare(home: string): Promise<void> {
  hook = await openHook()
  writeConsoleHome(home)
  const hour = new Date(Date.now() - 3_600_000).toISOString().slice(11, 16)
  writeFileSync(
    join(home, 'upkeep.yaml'),
    `version: 1
statusPage: { public: true, title: Tools of Acme }
windows: [{ name: now, rrule: FREQ=DAILY, at: '${hour}', zone: UTC, duration: PT3H }]
outgoing: { inner: [127.0.0.1] }
notify:
  - { name: pager, webhook: '${hook.url}', quiet: { from: '00:00', until: '00:00', zone: UTC } }
  - { name: nowhere, webhook: 'https://127.0.0.2/' }
heartbeat: { url: env:NOT_SET }
`,
  )
}

inBrowser('what is told, in a browser', prepare, (at) => {
  afterAll(() => hook?.close())

  test('channels are in the settings, each with a button that sends a test and says what came of it', async () => {
    await at.page.goto(`${at.served.origin}/settings`)
    await at.page.getByText('never used').first().waitFor()
    await at.page.getByRole('button', { name: 'Send a test message to pager' }).click()
    await at.page.getByText('it answered 200').waitFor()
    await at.page.getByRole('button', { name: 'Send a test message to nowhere' }).click()
    await at.page.getByText('the address is not a public one').waitFor()
    expect(hook.told()).toMatchObject([{ event: 'test' }])
    await looksRight(at.opened, 'settings-channels')
    // A scan, so that the status page has something to show.
    await at.page.goto(at.served.origin)
    await at.page.getByRole('button', { name: 'Look again now' }).click()
    await at.page.getByText('Last looked at').waitFor({ timeout: 60_000 })
    expect(at.opened.complaints).toEqual([])
  })

  test('the status page is shown to a stranger, in light, dark and on a narrow screen, and by no script', async () => {
    const opened = await openPage(at.browser, `${at.served.origin}/status`)
    const { page } = opened
    await page.getByRole('heading', { name: 'Tools of Acme', level: 1 }).waitFor()
    await page.getByRole('heading', { name: 'Maintenance is under way' }).waitFor()
    expect(await page.getByText('maintenance', { exact: false }).count()).toBeGreaterThan(1)
    expect(await page.locator('script, img, link, iframe, form').count()).toBe(0)
    await looksRight(opened, 'status-page')
    expect([opened.complaints, opened.elsewhere]).toEqual([[], []])
  })
})
