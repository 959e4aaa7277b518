import type { Facts } from '@upkeep/contract'
import { Endpoint } from '@upkeep/contract/observations/endpoint'
import { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import type { Running } from '@upkeep/lab/servers/loopback'
import { type Script, startScripted, toolsScript } from '@upkeep/lab/servers/scripted'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { afterEach, describe, expect, it } from 'vitest'
import { createMcpPort } from './mcp.ts'

const running: Running[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function started<Server extends Running>(server: Promise<Server>): Promise<Server> {
  running.push(await server)
  return await server
}
async function look(url: string, headers: Record<string, string> = {}, timeoutMs = 4_000) {
  return await createMcpPort().look({ url, headers, timeoutMs, maxBytes: 4_000_000 })
}
async function factsOf(
  script: Script,
): Promise<Facts<'tool-surface'> & Pick<Facts<'endpoint'>, 'eras'> & { seen: string[] }> {
  const server = await started(startScripted(script))
  const found = await look(server.url)
  if (found.state !== 'answered') throw new Error(found.reason)
  if ('state' in found.surface) throw new Error(found.surface.reason)
  const { eras } = Endpoint.parse(found.facts)
  return { ...ToolSurface.parse(found.surface), eras, seen: server.seen }
}
const tool = (over: object) => JSON.stringify({ tools: [{ name: 't', inputSchema: { type: 'object' }, ...over }] })

describe('mcp port', () => {
  it('answers in both eras and lists the surface', async () => {
    const server = await started(startSdkServer({ authentication: 'none', guards: true }))
    expect(await look(server.url)).toMatchObject({
      state: 'answered',
      facts: {
        eras: [
          { era: 'discover', outcome: 'answered', protocolVersion: '2026-07-28' },
          { era: 'initialize', outcome: 'answered', protocolVersion: '2025-11-25' },
        ],
        authentication: { required: false },
      },
      surface: {
        transport: 'streamable-http',
        era: 'discover',
        serverInfo: { name: 'practice-sdk-server', version: '1.0.0' },
        instructions: 'A practice server. It adds numbers.',
        capabilities: ['tools'],
        tools: [{ name: 'add', description: 'Adds two numbers' }],
        truncated: false,
        why: '',
      },
    })
  })

  it('states what authentication a server asks for, and is let in with a token', async () => {
    const server = await started(startSdkServer({ authentication: 'bearer', guards: true }))
    const resourceMetadata = new URL('/.well-known/oauth-protected-resource/mcp', server.url).href
    expect(await look(server.url)).toMatchObject({
      facts: {
        httpStatus: 401,
        eras: [{ outcome: 'refused' }, { outcome: 'refused' }],
        authentication: { required: true, scheme: 'Bearer', resourceMetadata },
      },
      surface: { state: 'unavailable', code: 'permission-denied' },
    })
    const refused = await look(server.url, { authorization: `Bearer ${server.foreignToken}` })
    expect(refused).toMatchObject({ facts: { httpStatus: 401 }, surface: { state: 'unavailable' } })
    expect(JSON.stringify(refused)).not.toContain(server.foreignToken)
    const entered = await look(server.url, { authorization: `Bearer ${server.token}` })
    expect(entered).toMatchObject({ surface: { tools: [{ name: 'add' }] } })
  })

  it('says that an older server has no discover era, and ends the session it was given', async () => {
    const found = await factsOf(toolsScript(() => tool({})))
    expect(found).toMatchObject({
      eras: [
        { era: 'discover', outcome: 'unsupported' },
        { era: 'initialize', outcome: 'answered', protocolVersion: '2025-11-25' },
      ],
      tools: [{ name: 't' }],
    })
    expect(found.seen).toEqual([
      'POST server/discover',
      'POST initialize',
      'POST notifications/initialized',
      'POST tools/list',
      'DELETE',
    ])
  })

  it('cuts a long description, and a change behind the cut still changes the facts', async () => {
    const long = 'x'.repeat(1_000_000)
    const [one, other] = [
      await factsOf(toolsScript(() => tool({ description: `${long}a` }))),
      await factsOf(toolsScript(() => tool({ description: `${long}b` }))),
    ]
    expect(one.truncated).toBe(true)
    expect(one.tools?.[0]?.description?.length).toBeLessThan(8_200)
    expect(one.tools?.[0]?.description).toContain('cut after 8000 of 1000001 characters')
    expect(one.tools?.[0]?.description).not.toBe(other.tools?.[0]?.description)
  })

  it('ends a list whose pages never end', async () => {
    const found = await factsOf(toolsScript(() => JSON.stringify({ ...JSON.parse(tool({})), nextCursor: 'again' })))
    expect(found.truncated).toBe(true)
    expect(found.tools).toHaveLength(50)
  })

  it('keeps hostile schemas as plain bounded JSON', async () => {
    const deep = `${'{"properties":{"a":'.repeat(200)}{}${'}}'.repeat(200)}`
    const schema = `{"type":"object","__proto__":{"polluted":1},"minimum":1e999,"title":"\\ud800","properties":{"deep":${deep}}}`
    const found = await factsOf(toolsScript(() => `{"tools":[{"name":"t","inputSchema":${schema}}]}`))
    expect(found.truncated).toBe(true)
    expect(JSON.stringify(found.tools)).not.toContain('ud800')
    expect(JSON.stringify(found.tools).length).toBeLessThan(2_000)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('does not pass on half a list, nor what a server says in an error', async () => {
    const answer = { jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'CANARY' } }
    const found = await factsOf((method, message) =>
      method === 'tools/list'
        ? { raw: (response) => response.end(JSON.stringify({ ...answer, id: message.id })) }
        : toolsScript(() => tool({}))(method, message),
    )
    expect(found).toMatchObject({ tools: null, why: expect.stringContaining('could not list tools') })
    expect(JSON.stringify(found)).not.toContain('CANARY')
  })

  it('is not brought down by a schema that is nested ten thousand deep', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
    const found = await factsOf(
      toolsScript(() => `{"tools":[{"name":"t","inputSchema":{"type":"object","x":${deep}}}]}`),
    )
    expect(found.truncated || found.tools === null).toBe(true)
    expect(JSON.stringify(found).length).toBeLessThan(5_000)
  })
})
