import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { upkeep, writeFiles } from '../e2e/installation.ts'
import { asThePage } from './as-the-page.ts'
import { inBrowser } from './in-browser.ts'
import { addPasskey } from './virtual-passkey.ts'

function prepare(home: string): void {
  writeFiles(home, {
    'upkeep.yaml': 'version: 1\npeople:\n  - { id: ada, name: Ada, roles: [admin, operator, approver] }\n',
    '.cursor/mcp.json': JSON.stringify({ mcpServers: { fs: { command: 'npx', args: ['-y', 'crm@1.0.0'] } } }),
  })
}

inBrowser(
  'passkeys in a browser',
  prepare,
  (at) => {
    const config = () => join(at.served.installation.home, '.cursor', 'mcp.json')

    test('a session alone approves nothing; a passkey that is enrolled does, the change is made, and the evidence holds', async () => {
      const { origin, installation } = at.served
      expect(new URL(origin).hostname).toBe('localhost')
      await asThePage(at.page, 'scan', {})
      await asThePage(at.page, 'fix', { what: ['fs'], disable: true })
      const change = String(Object((await asThePage(at.page, 'changes')).answer).changes[0]?.id)
      const before = readFileSync(config(), 'utf8')
      await at.page.goto(`${origin}/changes/${change}`)
      const approve = at.page.getByRole('button', { name: /^Approve: / })
      await approve.click()
      await at.page.getByText('nor a passkey of theirs').waitFor()

      const passkey = await addPasskey(at.page, origin)

      await at.page.goto(`${origin}/changes/${change}`)
      await passkey.verifies(false)
      await approve.click()
      await at.page.getByText('Nothing was decided: the passkey was not used').waitFor()
      await passkey.verifies(true)
      await approve.click()
      await at.page.getByText('signed with a passkey of theirs').waitFor()
      expect(readFileSync(config(), 'utf8')).toBe(before)

      expect((await asThePage(at.page, 'fix', { change })).status).toBe(200)
      expect(readFileSync(config(), 'utf8')).not.toBe(before)
      const document = await upkeep(installation, ['changes', change, '--document'], { cwd: installation.home })
      expect(`${document.stdout}${document.stderr}`).toContain('verified by the key in force then')
      expect((await upkeep(installation, ['verify'], { cwd: installation.home })).exitCode).toBe(0)
    }, 90_000)
  },
  { words: ['--as', 'ada'] },
)
