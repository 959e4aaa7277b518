import type { ChangeOf } from '@upkeep/contract/change'
import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { cutOffIntegration } from './remediation.ts'

const user = pathOf('claude-code', '{claude}/')
const settings = '/home/ada/.claude/settings.json'
const kept = '/home/ada/.config/upkeep/secrets/claude-code.crm.KEY'
const crm = '"crm": {"command": "crm"}'
const texts = {
  [user]: `{"mcpServers": {${crm}, "git": {"command": "git"}},\n "projects": {"/srv/p": {"allowedTools": ["Bash", "mcp__crm__read", "mcp__crm", "mcp__crmx__a"], "history": ["mcp__crm"]}}}`,
  [settings]:
    '{\n  "permissions": {"allow": ["mcp__crm__read", "Read"], "deny": ["mcp__git"]},\n  "enabledMcpjsonServers": ["git", "crm"]\n}\n',
  [kept]: '# upkeep secret 0123456789abcdef\na secret of somebody\n',
}

async function cut(over: Partial<ChangeOf<'cut-off-integration'>>) {
  const ports = madePorts(texts)
  const head = { kind: 'cut-off-integration' as const, server: 'crm', integration: 'acme', path: user }
  const input = { ...head, reference: 'entry' as const, ...over }
  const preview = await cutOffIntegration.preview(input, ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  const count = ports.make(preview)
  expect(await cutOffIntegration.preview(input, ports)).toMatchObject({ state: 'possible', effects: [] })
  return { ports, preview, count }
}

test('an entry goes, and others stay', async () => {
  const { ports, count } = await cut({})
  expect(count).toBe(1)
  expect(ports.text(user)).toBe(texts[user]?.replace(`${crm}, `, ''))
})

test('what names the server in lists of tools and of servers goes, and nothing that only begins like it', async () => {
  const { ports, preview } = await cut({ path: settings, reference: 'mention' })
  expect(preview.summary).toEqual([`2 items name crm in ${settings} and go`])
  expect(JSON.parse(ports.text(settings) ?? '')).toEqual({
    permissions: { allow: ['Read'], deny: ['mcp__git'] },
    enabledMcpjsonServers: ['git'],
  })
  const own = await cut({ reference: 'mention' })
  expect(JSON.parse(own.ports.text(user) ?? '').projects['/srv/p']).toEqual({
    allowedTools: ['Bash', 'mcp__crmx__a'],
    history: ['mcp__crm'],
  })
})

test('the secret that our launcher read goes, and is not shown', async () => {
  const { ports, preview } = await cut({ path: kept, reference: 'secret' })
  expect(ports.text(kept)).toBeNull()
  expect(JSON.stringify(preview)).not.toContain('of somebody')
})

test('an entry in a file that is not edited is listed with its path, and is no refusal', async () => {
  const path = '/home/ada/.gemini/extensions/acme/gemini-extension.json'
  const { preview, count } = await cut({ path })
  expect([count, preview.summary]).toEqual([0, []])
  expect(preview.limits).toEqual([expect.stringMatching(`^acme is left in ${path} \\(crm\\), which is not edited: `)])
})

test('a file that is no client’s is not written', async () => {
  const input = { kind: 'cut-off-integration' as const, server: 'crm', integration: 'acme', path: '/etc/hosts.json' }
  const refused = cutOffIntegration.preview({ ...input, reference: 'mention' }, madePorts({}))
  expect(refused).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(/no file of a client/) })
})
