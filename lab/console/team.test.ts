import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { upkeep, writeFiles } from '../e2e/installation.ts'
import { type OpenIdProvider, practiceClient, startOpenIdProvider } from '../servers/openid-provider.ts'
import { asThePage } from './as-the-page.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'
import { addPasskey } from './virtual-passkey.ts'

const verified = (email: string) => ({ email, email_verified: true })

const yamlFor = (issuer: string) => `version: 1
serve:
  oidc: { issuer: '${issuer}', clientId: ${practiceClient.id}, clientSecret: 'env:PRACTICE_SECRET' }
people:
  - { id: ada, name: Ada, roles: [operator, approver], email: ada@example.com }
  - { id: carol, name: Carol, roles: [approver], subject: carol }
  - { id: vic, name: Vic, roles: [viewer], email: vic@example.com }
notify:
  - { name: pager, webhook: 'https://hooks.example.com/upkeep' }
`

let provider: OpenIdProvider

async function prepare(home: string): Promise<void> {
  provider = await startOpenIdProvider()
  writeFiles(home, {
    'upkeep.yaml': yamlFor(provider.issuer),
    '.cursor/mcp.json': JSON.stringify({ mcpServers: { fs: { command: 'npx', args: ['-y', 'crm@1.0.0'] } } }),
  })
}

inBrowser(
  'a team in its browsers',
  prepare,
  (at) => {
    const config = () => readFileSync(join(at.served.installation.home, '.cursor', 'mcp.json'), 'utf8')
    beforeAll(async () => {
      const accounts = {
        ada: verified('ada@example.com'),
        vic: verified('vic@example.com'),
        carol: {},
        stranger: verified('stranger@example.com'),
      }
      await provider.register({ origins: [at.served.origin], accounts })
    })
    afterAll(() => provider?.stop())

    /** A browser of somebody's own. What the provider's page would fetch from elsewhere is not fetched. */
    async function opened(path: string): Promise<{ page: Page; context: BrowserContext }> {
      const context = await at.browser.newContext({
        viewport: { width: 1_200, height: 900 },
        reducedMotion: 'reduce',
        locale: 'en-GB',
      })
      await context.route(/^https?:\/\/(?!localhost|127\.0\.0\.1)/, (route) => route.abort())
      const page = await context.newPage()
      page.setDefaultTimeout(45_000)
      await page.goto(`${at.served.origin}${path}`)
      return { page, context }
    }

    /** Through the provider's own pages. */
    async function signIn(page: Page, name: string): Promise<void> {
      await page.getByRole('link', { name: /^Sign in with 127\.0\.0\.1/ }).click()
      await page.locator('input[name=login]').fill(name)
      await page.locator('input[name=password]').fill('anything')
      await page.getByRole('button', { name: 'Sign-in' }).click()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.waitForURL(`${at.served.origin}/**`)
    }

    test('one asks for a change, another approves it with a passkey, each signed in with the provider; who asked cannot', async () => {
      const { installation } = at.served
      const ada = await opened('/findings')
      await ada.page.getByRole('heading', { name: 'upkeep' }).waitFor()
      await looksRight({ ...ada, complaints: [], elsewhere: [], scripts: [] }, 'sign-in')
      await signIn(ada.page, 'ada')
      await ada.page.waitForURL(`${at.served.origin}/findings`)
      await ada.page.getByRole('link', { name: 'Ada' }).waitFor()
      await asThePage(ada.page, 'scan', {})
      const proposed = await asThePage(ada.page, 'fix', { what: ['fs'], disable: true, propose: true })
      const change = String(Object(proposed.answer).change.id)
      await addPasskey(ada.page, at.served.origin)
      await ada.page.goto(`${at.served.origin}/changes/${change}`)
      await ada.page.getByRole('button', { name: /^Approve: / }).click()
      await ada.page.getByText('and so cannot approve it').waitFor()

      const carol = await opened(`/changes/${change}`)
      await signIn(carol.page, 'carol')
      await carol.page.waitForURL(`${at.served.origin}/changes/${change}`)
      await addPasskey(carol.page, at.served.origin)
      const before = config()
      await carol.page.goto(`${at.served.origin}/changes/${change}`)
      await carol.page.getByRole('button', { name: /^Approve: / }).click()
      await carol.page.getByText('signed with a passkey of theirs').waitFor()
      expect(config()).toBe(before)
      expect((await asThePage(ada.page, 'fix', { change })).status).toBe(200)
      expect(config()).not.toBe(before)
      const document = await upkeep(installation, ['changes', change, '--document'], { cwd: installation.home })
      expect(document.stdout).toMatch(/carol[\s\S]*verified by the key in force then/)
      expect((await upkeep(installation, ['verify'], { cwd: installation.home })).exitCode).toBe(0)
    }, 120_000)

    test('the settings say who is signed in; signing out ends it here and at the provider', async () => {
      const { page, context } = await opened('/settings')
      await signIn(page, 'ada')
      await page.getByText('with the roles operator, approver').waitFor()
      await looksRight({ page, complaints: [], elsewhere: [], scripts: [] }, 'settings-team')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Yes, sign me out' }).click()
      await page.waitForURL(`${at.served.origin}/`)
      await page.getByRole('link', { name: /^Sign in with/ }).click()
      // It asks anew who that is.
      await page.locator('input[name=login]').waitFor()
      await context.close()
    }, 60_000)

    test('a viewer is told what takes a role, and nothing is asked for that would be refused', async () => {
      const { page, context } = await opened('/settings')
      const refused: string[] = []
      await signIn(page, 'vic')
      page.on('response', (answer) => {
        if (answer.status() >= 400) refused.push(answer.url())
      })
      for (const [path, words] of [
        ['/settings', 'Seeing the channels, and sending a test over them, takes the role operator; you have viewer.'],
        ['/', 'Having upkeep look now takes the role operator; you have viewer.'],
      ]) {
        await page.goto(`${at.served.origin}${path}`)
        await page.getByText(words ?? '').waitFor()
        await page.getByRole('alert').waitFor({ state: 'detached' })
      }
      await page.goto(`${at.served.origin}/settings`)
      await page.getByRole('heading', { name: 'Duties' }).waitFor()
      await page.getByText('are adopted.').waitFor()
      await looksRight({ page, complaints: [], elsewhere: [], scripts: [] }, 'settings-viewer')
      expect(refused).toEqual([])
      await context.close()
      const operator = await opened('/settings')
      await signIn(operator.page, 'ada')
      await operator.page.getByRole('button', { name: 'Send a test message to pager' }).waitFor()
      await operator.context.close()
    }, 60_000)

    test('who is named nowhere is told so, on a page that reads well', async () => {
      const { page, context } = await opened('/')
      await signIn(page, 'stranger')
      await page.getByText('upkeep.yaml names nobody so. You have no role here.').waitFor()
      await looksRight({ page, complaints: [], elsewhere: [], scripts: [] }, 'sign-in-unknown')
      await context.close()
    }, 60_000)

    test('no link that opens is printed where a team signs in', () => {
      expect(at.served.said()).not.toContain('/enter?link=')
    })
  },
  { env: () => ({ PRACTICE_SECRET: practiceClient.secret }) },
)
