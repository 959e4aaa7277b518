import type { ServerLogin } from '@upkeep/contract/observations/server-login'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { expect, it } from 'vitest'
import { serverLogins } from './collector.ts'

const ports = realPorts()
const login: ServerLogin = {
  url: 'https://mcp.example.com/mcp?tenant=canary-7',
  issuer: 'https://login.example.com',
  kept: 'file',
  unreadable: null,
  obtainedAt: '2026-11-20T09:00:00.000Z',
  expiresAt: null,
  refreshable: false,
  lastRefresh: null,
}

async function collect(url: string, over: Parameters<typeof declaredUrl>[2] = {}) {
  const [found] = await serverLogins.collect({
    for: callFor(declaredUrl(url, ports, over)),
    prior: {},
    ports,
    settings: settingsWith({ logins: [login] }),
    at: '2026-11-27T09:00:00.000Z',
    signal: { aborted: false },
  })
  return found
}

it('is seen for exactly the address that it is for, which is shown without what it hides', async () => {
  const found = await collect(login.url)
  expect(found).toMatchObject({ state: 'seen', facts: { issuer: login.issuer } })
  expect(JSON.stringify(found)).not.toContain('canary')
})

it.each([
  ['https://mcp.example.com/mcp?tenant=other'],
  ['https://mcp.example.com/mcp'],
  ['https://mcp.example.com/other?tenant=canary-7'],
  ['http://mcp.example.com/mcp?tenant=canary-7'],
  ['https://mcp.example.com.evil.example/mcp?tenant=canary-7'],
])('is not seen for %s', async (url) => {
  expect(await collect(url)).toMatchObject({ state: 'absent' })
})

it('a server over stdio has none', async () => {
  expect(await collect(login.url, { transport: 'stdio', url: null })).toMatchObject({ state: 'absent' })
})
