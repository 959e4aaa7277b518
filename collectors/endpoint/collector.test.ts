import type { Facts, Settings } from '@upkeep/contract'
import { observationKinds } from '@upkeep/contract'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { type Scripted, startScripted, toolsScript } from '@upkeep/lab/servers/scripted'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { afterEach, describe, expect, it } from 'vitest'
import { endpoint } from './collector.ts'

const running: Running[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function started<Server extends Running>(server: Promise<Server>): Promise<Server> {
  running.push(await server)
  return await server
}

const ports = realPorts({ LAB_TOKEN: 'let-me-in-canary' })

async function collect(server: Facts<'declared-server'>, settings: Partial<Settings>, given = ports) {
  const [observation, surface, ...rest] = await endpoint.collect({
    for: callFor(server),
    prior: {},
    ports: given,
    settings: settingsWith(settings),
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  expect(rest).toEqual([])
  if (observation?.state === 'seen') observationKinds.endpoint.facts.parse(observation.facts)
  if (surface?.state === 'seen') observationKinds['tool-surface'].facts.parse(surface.facts)
  return { ...observation, surface }
}

describe('endpoint', () => {
  it('connects to a listed server and to no other', async () => {
    const server = await started(startScripted(toolsScript(() => '{"tools":[]}')))
    const declared = declaredUrl(server.url, ports)
    expect(await collect(declared, {})).toMatchObject({ state: 'unavailable', code: 'not-consented' })
    expect(await collect(declared, { probe: [{ url: `${server.url}/x` }] })).toMatchObject({ code: 'not-consented' })
    expect(server.seen).toEqual([])
    expect(await collect(declared, { probe: [{ url: server.url }] })).toMatchObject({ state: 'seen' })
    expect(server.seen).not.toEqual([])
  })

  it('connects to every declared URL with --probe, but not where the address is not whole', async () => {
    const server = await started(startScripted(toolsScript(() => '{"tools":[]}')))
    const consent = { connectToDeclared: true }
    expect(await collect(declaredUrl(server.url, ports), consent)).toMatchObject({ state: 'seen' })
    const partial = declaredUrl(`${server.url}?key=canary`, ports)
    const before = server.seen.length
    expect(await collect(partial, consent)).toMatchObject({ code: 'not-supported' })
    expect(server.seen.length).toBe(before)
  })

  it('sends the token of the listed server, and keeps nothing that repeats it or the address', async () => {
    const url = (): string => `${server.url}?key=query-canary`
    const server: Scripted = await started(
      startScripted(
        toolsScript(() => {
          const echo = `${server.headers.at(-1)?.authorization} ${url()}`
          return JSON.stringify({ tools: [{ name: 't', inputSchema: {}, description: echo }] })
        }),
      ),
    )
    const probe = [{ url: url(), token: 'env:LAB_TOKEN' }]
    const found = await collect(declaredUrl(url(), ports), { probe })
    expect(server.headers.at(-1)?.authorization).toBe('Bearer let-me-in-canary')
    expect(found).toMatchObject({ state: 'seen', facts: { url: `${server.url}?key=***` } })
    expect(found.surface).toMatchObject({ facts: { tools: [{ description: 'Bearer (hidden) (hidden)' }] } })
    expect(JSON.stringify(found)).not.toContain('canary')
  })

  it('is let in by a server that checks tokens', async () => {
    const server = await started(startSdkServer({ authentication: 'bearer', guards: true }))
    const given = realPorts({ LAB_TOKEN: server.token })
    const probe = [{ url: server.url, token: 'env:LAB_TOKEN' }]
    const found = await collect(declaredUrl(server.url, given), { probe }, given)
    expect(found).toMatchObject({
      state: 'seen',
      surface: { state: 'seen', facts: { tools: [{ name: 'add' }], timesListed: 3 } },
    })
  })

  it('the token of a login goes to the address that it is for, listed or not, and nowhere that the server points to', async () => {
    const elsewhere: Record<string, unknown>[] = []
    const other = await started(
      serve((request, response) => {
        elsewhere.push(request.headers)
        response.writeHead(404).end()
      }),
    )
    const got: (string | undefined)[] = []
    const server = await started(
      serve((request, response) => {
        got.push(request.headers.authorization)
        response.writeHead(307, { location: other.url }).end()
      }),
    )
    const given = {
      ...ports,
      secrets: { ...ports.secrets, tokenFor: (url: string) => (url === server.url ? 'login-canary' : null) },
    }
    for (const settings of [{ probe: [{ url: server.url }] }, { connectToDeclared: true }]) {
      got.length = 0
      await collect(declaredUrl(server.url, given), settings, given)
      expect(got).toContain('Bearer login-canary')
    }
    await collect(declaredUrl(other.url, given), { connectToDeclared: true }, given)
    expect(elsewhere).not.toEqual([])
    for (const headers of elsewhere) expect(headers).not.toHaveProperty('authorization')
  })

  it.each<[string, Partial<Facts<'declared-server'>>, object]>([
    ['talks over stdio', { transport: 'stdio', url: null }, { state: 'absent' }],
    ['has no readable address', { url: null }, { state: 'unavailable', code: 'malformed' }],
  ])('says so when a server %s', async (_, over, expected) => {
    const declared = declaredUrl('http://127.0.0.1:1/mcp', ports, over)
    expect(await collect(declared, { connectToDeclared: true })).toMatchObject(expected)
  })

  it('says so when the token is nowhere, and when nothing answers', async () => {
    const url = 'http://127.0.0.1:2/mcp'
    const lost = [{ url, token: 'env:NOT_SET' }]
    expect(await collect(declaredUrl(url, ports), { probe: lost })).toMatchObject({ code: 'not-configured' })
    expect(await collect(declaredUrl(url, ports), { probe: [{ url }] })).toMatchObject({ code: 'unreachable' })
  })
})
