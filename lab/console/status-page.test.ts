import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { github } from '../servers/trackers/github.ts'
import { serveTracker, type TrackerServer } from '../servers/trackers/tracker-server.ts'
import { type Hook, openHook } from '../servers/webhook.ts'
import { asThePage } from './as-the-page.ts'
import { writeConsoleHome } from './console-home.ts'
import { looksRight, openPage } from './console-page.ts'
import { inBrowser } from './in-browser.ts'

let hook: Hook
let tracker: TrackerServer

async function prepare(home: string): Promise<void> {
  hook = await openHook()
  tracker = await serveTracker(github)
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
tickets: [{ name: it, github: example/mcp, at: '${tracker.url}', token: 'env:TOKEN' }]
`,
  )
}

inBrowser(
  'what is told, in a browser',
  prepare,
  (at) => {
    afterAll(() => Promise.all([hook?.close(), tracker?.close()]))

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

    const lookAtTickets = async () => {
      const { status } = await asThePage(at.page, 'tickets/sync', {})
      if (status !== 200) throw new Error(`they could not be looked at: ${status}`)
    }

    test('a change bears its ticket: where it is, how it was last seen, and that it decides nothing', async () => {
      const freeze = { why: 'fair', from: '2036-01-01T00:00:00Z', until: '2036-01-02T00:00:00Z', propose: true }
      const change = String(Object((await asThePage(at.page, 'freeze/set', freeze)).answer).change.id)
      await lookAtTickets()
      await at.goto(`/changes/${change}`)
      await at.page.getByText('open there').waitFor()
      await looksRight(at.opened, 'change-with-ticket')
      for (const ticket of tracker.tickets) Object.assign(ticket, { status: 'closed', closedBy: 'mallory' })
      await lookAtTickets()
      await at.goto(`/changes/${change}`)
      await at.page.getByText('closed there').first().waitFor()
      await at.button(/^Approve: /).waitFor()
      await looksRight(at.opened, 'change-with-closed-ticket')
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
  },
  { env: () => ({ TOKEN: 'github-token' }) },
)
