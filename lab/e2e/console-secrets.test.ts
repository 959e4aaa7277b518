import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vaultDouble } from '@upkeep/engine/ports/testing/vault-double'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import { type ConsolePage, looksRight, openPage } from './console-page.ts'
import { writeFiles } from './installation.ts'
import { scan } from './product.ts'
import { buildConsole, type ServedConsole, serveConsole } from './served-console.ts'

const options = await chromiumHere()
const token = ['ghp', 'c4N4rY5e6F7g8H9i0J1k2L3m4N5o6P7q8R9s'].join('_')
const file = '.cursor/mcp.json'
const text = `{ "mcpServers": { "gh": { "command": "npx", "args": ["-y", "gh@1.0.0"], "env": { "GH_TOKEN": "${token}" } } } }\n`

describe.skipIf(options === null)('moving a secret in the console (needs Chromium: CHROMIUM_PATH)', () => {
  let browser: Browser
  let served: ServedConsole
  let opened: ConsolePage
  let page: Page
  const vault = vaultDouble()
  beforeAll(async () => {
    buildConsole()
    const { address, token } = await vault
    const env = { VAULT_ADDR: address, VAULT_TOKEN: token, PATH: '/usr/bin:/bin' }
    served = await serveConsole((home) => writeFiles(home, { [file]: text }), env)
    await scan(served.installation)
    browser = await chromium.launch(options ?? {})
    opened = await openPage(browser, served.link)
    page = opened.page
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
    await (await vault).close()
  })

  test('the stores of the machine are a choice; the plan follows it, what cannot be is said, and nothing of the secret is shown', async () => {
    await page.goto(`${served.origin}/changes?fix=gh`)
    const plan = page.getByRole('button', { name: 'Plan it so' })
    const where = page.getByLabel('Where the secret goes')
    await page.getByText('secrets/cursor.gh.GH_TOKEN').first().waitFor()
    expect(await where.locator('option').allInnerTexts()).toEqual([
      'a file that only its owner reads',
      'HashiCorp Vault',
    ])
    await where.selectOption('HashiCorp Vault')
    await page.getByLabel('Folder, the mount first').fill('none/mcp')
    await plan.click()
    await page.getByText('Vault has no engine at none/mcp').first().waitFor()
    await page.getByLabel('Folder, the mount first').fill('secret/mcp')
    await plan.click()
    await page.getByText('vault://secret/mcp/cursor.gh.GH_TOKEN#value').first().waitFor()
    await looksRight(opened, 'secret-place')
    await page.getByRole('button', { name: /^Propose: move secrets of gh/ }).click()
    await page.getByRole('link', { name: 'see what it waits for' }).click()
    await page.getByText('vault://secret/mcp/cursor.gh.GH_TOKEN#value').first().waitFor()
    expect(await page.content()).not.toContain(token)
    expect((await vault).fields('secret/mcp/cursor.gh.GH_TOKEN')).toBeNull()
    expect(readFileSync(join(served.installation.home, file), 'utf8')).toBe(text)
    expect(opened.elsewhere).toEqual([])
  })
})
