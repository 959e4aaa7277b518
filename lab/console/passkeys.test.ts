import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { upkeep, writeFiles } from '../e2e/installation.ts'
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
      const change = await at.page.evaluate(async () => {
        const headers = { 'content-type': 'application/json' }
        const ask = (path: string, body: unknown) =>
          fetch(`/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).then((one) => one.json())
        await ask('scan', {})
        await ask('fix', { what: ['fs'], disable: true })
        const { changes } = await (await fetch('/api/v1/changes')).json()
        return String(changes[0]?.id)
      })
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

      const made = await at.page.evaluate(async (id) => {
        const headers = { 'content-type': 'application/json' }
        const asked = { method: 'POST', headers, body: JSON.stringify({ change: id }) }
        return (await fetch('/api/v1/fix', asked)).status
      }, change)
      expect(made).toBe(200)
      expect(readFileSync(config(), 'utf8')).not.toBe(before)
      const document = await upkeep(installation, ['changes', change, '--document'], { cwd: installation.home })
      expect(`${document.stdout}${document.stderr}`).toContain('verified by the key in force then')
      expect((await upkeep(installation, ['verify'], { cwd: installation.home })).exitCode).toBe(0)
    }, 90_000)
  },
  { words: ['--as', 'ada'] },
)
