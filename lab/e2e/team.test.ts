import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { type OpenIdProvider, practiceClient, startOpenIdProvider } from '../servers/openid-provider.ts'
import { looksRight } from './console-page.ts'
import {
  cli,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
  writeFiles,
} from './installation.ts'
import { buildConsole } from './served-console.ts'

const options = await chromiumHere()
const verified = (email: string) => ({ email, email_verified: true })

const yamlFor = (issuer: string) => `version: 1
serve:
  oidc: { issuer: '${issuer}', clientId: ${practiceClient.id}, clientSecret: 'env:PRACTICE_SECRET' }
people:
  - { id: ada, name: Ada, roles: [operator, approver], email: ada@example.com }
  - { id: carol, name: Carol, roles: [approver], subject: carol }
`

/** `upkeep serve` as a team has it running, on loopback. */
async function serveTeam(installation: Installation) {
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--no-duties'], {
    cwd: installation.home,
    env: { ...environmentOf(installation), PRACTICE_SECRET: practiceClient.secret },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let said = ''
  const origin = await new Promise<string>((resolve, reject) => {
    const hear = (text: string) => {
      said += text
      const found = /upkeep is at (http:\/\/localhost:\d+)\. People sign in there with/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('close', () => reject(new Error(`upkeep serve ended: ${said}`)))
  })
  return {
    origin,
    said: () => said,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}

describe.skipIf(options === null)('a team in its browsers (needs Chromium: CHROMIUM_PATH)', () => {
  let installation: Installation
  let provider: OpenIdProvider
  let served: Awaited<ReturnType<typeof serveTeam>>
  let browser: Browser
  const config = () => readFileSync(join(installation.home, '.cursor', 'mcp.json'), 'utf8')
  beforeAll(async () => {
    buildConsole()
    provider = await startOpenIdProvider()
    installation = newInstallation()
    writeFiles(installation.home, {
      'upkeep.yaml': yamlFor(provider.issuer),
      '.cursor/mcp.json': JSON.stringify({ mcpServers: { fs: { command: 'npx', args: ['-y', 'crm@1.0.0'] } } }),
    })
    served = await serveTeam(installation)
    const accounts = { ada: verified('ada@example.com'), carol: {}, stranger: verified('stranger@example.com') }
    await provider.register({ origins: [served.origin], accounts })
    browser = await chromium.launch(options ?? {})
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
    await provider?.stop()
    removeInstallation(installation)
  })

  /** A browser of somebody's own. What the provider's page would fetch from elsewhere is not fetched. */
  async function opened(path: string): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({ viewport: { width: 1_200, height: 900 }, reducedMotion: 'reduce' })
    await context.route(/^https?:\/\/(?!localhost|127\.0\.0\.1)/, (route) => route.abort())
    const page = await context.newPage()
    page.setDefaultTimeout(45_000)
    await page.goto(`${served.origin}${path}`)
    return { page, context }
  }

  /** Through the provider's own pages. */
  async function signIn(page: Page, name: string): Promise<void> {
    await page.getByRole('link', { name: /^Sign in with 127\.0\.0\.1/ }).click()
    await page.locator('input[name=login]').fill(name)
    await page.locator('input[name=password]').fill('anything')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${served.origin}/**`)
  }

  async function withAuthenticator(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const kind = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...kind, isUserVerified: true, automaticPresenceSimulation: true },
    })
  }

  async function addPasskey(page: Page): Promise<void> {
    await page.goto(`${served.origin}/settings`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Your first: it was believed').waitFor()
  }

  test('one asks for a change, another approves it with a passkey, each signed in with the provider; who asked cannot', async () => {
    const ada = await opened('/findings')
    await ada.page.getByRole('heading', { name: 'upkeep' }).waitFor()
    await looksRight({ ...ada, complaints: [], elsewhere: [], scripts: [] }, 'sign-in')
    await signIn(ada.page, 'ada')
    await ada.page.waitForURL(`${served.origin}/findings`)
    await ada.page.getByRole('link', { name: 'Ada' }).waitFor()
    const change = await ada.page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const ask = (path: string, body: unknown) =>
        fetch(`/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).then((one) => one.json())
      await ask('scan', {})
      const { change: proposed } = await ask('fix', { what: ['fs'], disable: true, propose: true })
      return String(proposed.id)
    })
    await withAuthenticator(ada.page)
    await addPasskey(ada.page)
    await ada.page.goto(`${served.origin}/changes/${change}`)
    await ada.page.getByRole('button', { name: /^Approve: / }).click()
    await ada.page.getByText('and so cannot approve it').waitFor()

    const carol = await opened(`/changes/${change}`)
    await signIn(carol.page, 'carol')
    await carol.page.waitForURL(`${served.origin}/changes/${change}`)
    await withAuthenticator(carol.page)
    await addPasskey(carol.page)
    const before = config()
    await carol.page.goto(`${served.origin}/changes/${change}`)
    await carol.page.getByRole('button', { name: /^Approve: / }).click()
    await carol.page.getByText('signed with a passkey of theirs').waitFor()
    expect(config()).toBe(before)
    const made = await ada.page.evaluate(async (id) => {
      const asked = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ change: id }),
      }
      return (await fetch('/api/v1/fix', asked)).status
    }, change)
    expect(made).toBe(200)
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
    await page.waitForURL(`${served.origin}/`)
    await page.getByRole('link', { name: /^Sign in with/ }).click()
    // It asks anew who that is.
    await page.locator('input[name=login]').waitFor()
    await context.close()
  }, 60_000)

  test('who is named nowhere is told so, on a page that reads well', async () => {
    const { page, context } = await opened('/')
    await signIn(page, 'stranger')
    await page.getByText('upkeep.yaml names nobody so. You have no role here.').waitFor()
    await looksRight({ page, complaints: [], elsewhere: [], scripts: [] }, 'sign-in-unknown')
    await context.close()
  }, 60_000)

  test('no link that opens is printed where a team signs in', () => {
    expect(served.said()).not.toContain('/enter?link=')
  })
})
