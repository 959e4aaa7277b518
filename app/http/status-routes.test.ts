import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { oneServer, type Served, served } from './served.cases.ts'

let door: Served | null = null
afterEach(async () => {
  await door?.stop()
  door = null
})

async function opened(yaml: string): Promise<Served> {
  door = await served((home) => {
    oneServer(home)
    appendFileSync(join(home, 'upkeep.yaml'), yaml)
  })
  await door.atTerminal('scan', { duties: ['configuration-drift-detection'] })
  return door
}

test('without a word in upkeep.yaml the status is for those who signed in', async () => {
  const { ask } = await opened('')
  for (const path of ['/status', '/status.json']) {
    expect((await ask(path, { cookie: null })).status).toBe(401)
    const shown = await ask(path)
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'private, no-cache'])
  }
})

test('made public it is shown to everybody, with nothing but names and states, and nothing else is', async () => {
  const { ask, home } = await opened('statusPage: { public: true, title: "<img src=x onerror=alert(1)>" }\n')
  const page = await ask('/status', { cookie: null })
  expect(page.status).toBe(200)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/)
  const html = await page.text()
  expect(html).not.toMatch(/<img|<script|mcp\.json|npx/)
  expect(html).not.toContain(home)
  const json = await ask('/status.json', { cookie: null })
  expect(await json.json()).toEqual({
    title: '<img src=x onerror=alert(1)>',
    at: expect.any(String),
    observedAt: expect.any(String),
    state: 'unknown',
    banner: [],
    servers: [
      { name: 'everything', state: 'unknown' },
      { name: 'fs', state: 'unknown' },
    ],
  })
  for (const path of ['/api/v1/status-page', '/api/v1/servers', '/api/v1/notify/log', '/metrics'])
    expect([path, (await ask(path, { cookie: null })).status]).toEqual([path, 401])
})
