import type { Facts, Settings } from '@upkeep/contract'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { afterEach, describe, expect, it } from 'vitest'
import { apiMetadata } from './collector.ts'

const ports = realPorts()
const running: Running[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function started<Server extends Running>(server: Promise<Server>): Promise<Server> {
  running.push(await server)
  return await server
}

async function collect(url: string, settings: Partial<Settings>, over: Partial<Facts<'declared-server'>> = {}) {
  const [found] = await apiMetadata.collect({
    for: callFor(declaredUrl(url, ports, over)),
    prior: {},
    ports,
    settings: settingsWith(settings),
    at: '2026-11-27T09:00:00.000Z',
    signal: { aborted: false },
  })
  return found
}

/** A server that points to metadata which names this authorization server, and says which paths it was asked for. */
async function pointing(issuer: string, resource?: string) {
  const paths: string[] = []
  const server = await started(
    serve((request, response) => {
      paths.push(request.url ?? '')
      const isDocument = request.url === '/.well-known/oauth-protected-resource/mcp'
      response.writeHead(isDocument ? 200 : 401, { 'content-type': 'application/json' })
      response.end(
        isDocument ? JSON.stringify({ resource: resource ?? server.url, authorization_servers: [issuer] }) : '',
      )
    }),
  )
  return { ...server, paths }
}

describe('api-metadata', () => {
  it('reads what a server and its authorization server publish', async () => {
    const { url } = await started(startSdkServer({ authentication: 'bearer', guards: true }))
    expect(await collect(url, { probe: [{ url }] })).toMatchObject({
      state: 'seen',
      facts: {
        status: 401,
        pointer: true,
        resource: { equals: true },
        issuers: [{ state: 'read', issuerEquals: true, pkceMethods: ['S256'], clientIdDocuments: false }],
      },
    })
  })

  it('asks no server that is not listed', async () => {
    const server = await pointing('https://login.example.com')
    expect(await collect(server.url, {})).toMatchObject({ state: 'unavailable', code: 'not-consented' })
    expect(server.paths).toEqual([])
  })

  it('asks an authorization server on another host only where its owner listed it', async () => {
    const asked: string[] = []
    const other = await started(
      serve((request, response) => {
        asked.push(request.url ?? '')
        response.writeHead(404).end()
      }),
    )
    const issuer = `http://127.0.0.1:${other.port}/tenant`
    const { url } = await pointing(issuer)
    const unlisted = await collect(url, { probe: [{ url }] })
    expect(unlisted).toMatchObject({ facts: { issuers: [{ state: 'not-read' }] } })
    expect(asked).toEqual([])
    const listed = await collect(url, { probe: [{ url, issuers: [issuer] }] })
    expect(listed).toMatchObject({ facts: { issuers: [{ state: 'missing' }] } })
    expect(asked).toEqual([
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
      '/tenant/.well-known/openid-configuration',
    ])
  })

  it('sees that the metadata is about another server', async () => {
    const { url } = await pointing('https://login.example.com', 'https://other.example/mcp')
    expect(await collect(url, { probe: [{ url }] })).toMatchObject({ facts: { resource: { equals: false } } })
  })

  it('says so when nothing answers, or there is nothing to ask', async () => {
    const url = 'http://127.0.0.1:1/mcp'
    expect(await collect(url, { probe: [{ url }] })).toMatchObject({ code: 'unreachable' })
    expect(await collect(url, {}, { transport: 'stdio', url: null })).toMatchObject({ state: 'absent' })
  })
})
