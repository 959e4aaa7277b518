import { createServer as createHttps } from 'node:https'
import { listen, type Running, serve } from '@upkeep/lab/servers/loopback'
import { misbehaving } from '@upkeep/lab/servers/misbehaving'
import { startScripted, toolsScript } from '@upkeep/lab/servers/scripted'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
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
const timeoutMs = 1_500
const look = (url: string) => createMcpPort().look({ url, headers: {}, timeoutMs, maxBytes: 500_000 })

describe('mcp port against a server that', () => {
  it.each(Object.entries(misbehaving))('%s: the outcome is stated in time', async (name, listener) => {
    const server = await started(serve(listener))
    const startedAt = performance.now()
    const found = await look(server.url)
    expect(performance.now() - startedAt).toBeLessThan(timeoutMs + 1_500)
    if (found.state === 'unavailable') {
      expect(found.code).toBe(name === 'never answers' ? 'timed-out' : 'unreachable')
    } else {
      expect(found.surface).toMatchObject({ state: 'unavailable' })
      expect(found.facts.why).not.toBe('')
      expect(found.facts.eras.every((era) => era.outcome !== 'answered')).toBe(true)
    }
    expect(JSON.stringify(found)).not.toMatch(/SECRETCANARY|alert\(1\)/)
  })

  it('sends a description of 50 MB: read up to the bound, and said so', async () => {
    const huge = `{"tools":[{"name":"t","inputSchema":{"type":"object"},"description":"${'x'.repeat(50_000_000)}"}]}`
    const server = await started(startScripted(toolsScript(() => huge)))
    const found = await look(server.url)
    expect(found).toMatchObject({
      surface: { tools: null, truncated: true, why: expect.stringContaining('more than the bound') },
    })
    expect(server.seen.at(-1)).toBe('DELETE')
  })

  it('is not there', async () => {
    expect(await look('http://127.0.0.1:1/mcp')).toMatchObject({ state: 'unavailable' })
    const gone = await serve(() => {})
    await gone.close()
    expect(await look(gone.url)).toMatchObject({ code: 'unreachable', reason: expect.stringContaining('ECONNREFUSED') })
    expect(await look('http://name.invalid/mcp')).toMatchObject({ code: 'unreachable' })
    expect(await look('file:///etc/passwd')).toMatchObject({ code: 'not-supported' })
    expect(await look('http://user:word@127.0.0.1:1/mcp')).toMatchObject({ code: 'not-supported' })
  })

  const identity = selfSigned()
  it.skipIf(identity === null)('shows a certificate that nobody signed (needs openssl)', async () => {
    let requests = 0
    const https = createHttps(identity ?? {}, (_, response) => {
      requests += 1
      response.end()
    })
    const server = await started(listen(https, { scheme: 'https' }))
    const found = await createMcpPort().look({
      url: server.url,
      headers: { authorization: 'Bearer CANARY' },
      timeoutMs,
      maxBytes: 500_000,
    })
    expect(found).toMatchObject({
      facts: {
        tls: { authorized: false, protocol: 'TLSv1.3', problem: expect.stringContaining('SELF_SIGNED') },
        eras: [],
      },
    })
    expect(requests).toBe(0)
  })
})
