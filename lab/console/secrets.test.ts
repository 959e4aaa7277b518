import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vaultDouble } from '@upkeep/engine/ports/testing/vault-double'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeFiles } from '../e2e/installation.ts'
import { scan } from '../e2e/product.ts'
import { looksRight } from './console-page.ts'
import { inBrowser } from './in-browser.ts'

const token = ['ghp', 'c4N4rY5e6F7g8H9i0J1k2L3m4N5o6P7q8R9s'].join('_')
const file = '.cursor/mcp.json'
const text = `{ "mcpServers": { "gh": { "command": "npx", "args": ["-y", "gh@1.0.0"], "env": { "GH_TOKEN": "${token}" } } } }\n`

const vault = vaultDouble()
const prepare = (home: string) => writeFiles(home, { [file]: text })
async function env(): Promise<Record<string, string>> {
  const { address, token: VAULT_TOKEN } = await vault
  return { VAULT_ADDR: address, VAULT_TOKEN, PATH: '/usr/bin:/bin' }
}

inBrowser(
  'moving a secret in the console',
  prepare,
  (at) => {
    beforeAll(() => scan(at.served.installation))
    afterAll(async () => (await vault).close())

    test('the stores of the machine are a choice; the plan follows it, what cannot be is said, and nothing of the secret is shown', async () => {
      await at.page.goto(`${at.served.origin}/changes?fix=gh`)
      const plan = at.page.getByRole('button', { name: 'Plan it so' })
      const where = at.page.getByLabel('Where the secret goes')
      await at.page.getByText('secrets/cursor.gh.GH_TOKEN').first().waitFor()
      expect(await where.locator('option').allInnerTexts()).toEqual([
        'a file that only its owner reads',
        'HashiCorp Vault',
      ])
      await where.selectOption('HashiCorp Vault')
      await at.page.getByLabel('Folder, the mount first').fill('none/mcp')
      await plan.click()
      await at.page.getByText('Vault has no engine at none/mcp').first().waitFor()
      await at.page.getByLabel('Folder, the mount first').fill('secret/mcp')
      await plan.click()
      await at.page.getByText('vault://secret/mcp/cursor.gh.GH_TOKEN#value').first().waitFor()
      await looksRight(at.opened, 'secret-place')
      await at.page.getByRole('button', { name: /^Propose: move secrets of gh/ }).click()
      await at.page.getByRole('link', { name: 'see what it waits for' }).click()
      await at.page.getByText('vault://secret/mcp/cursor.gh.GH_TOKEN#value').first().waitFor()
      expect(await at.page.content()).not.toContain(token)
      expect((await vault).fields('secret/mcp/cursor.gh.GH_TOKEN')).toBeNull()
      expect(readFileSync(join(at.served.installation.home, file), 'utf8')).toBe(text)
      expect(at.opened.elsewhere).toEqual([])
    })
  },
  { env },
)
