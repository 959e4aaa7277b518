import { serve } from '@upkeep/lab/servers/loopback'
import { startOldSse } from '@upkeep/lab/servers/old-sse'
import { describe, expect, it } from 'vitest'
import { createMcpPort } from './mcp.ts'

const look = (url: string) => createMcpPort().look({ url, headers: {}, timeoutMs: 2_000, maxBytes: 500_000 })

describe('mcp port against a server of 2024-11-05', () => {
  it('lists over the older transport', async () => {
    const server = await startOldSse()
    const found = await look(server.url)
    await server.close()
    expect(found).toMatchObject({
      state: 'answered',
      facts: {
        eras: [
          { era: 'discover', outcome: 'unsupported' },
          {
            era: 'initialize',
            outcome: 'answered',
            protocolVersion: '2024-11-05',
            detail: expect.stringContaining('SSE'),
          },
        ],
      },
      surface: { transport: 'sse', serverInfo: { name: 'old-sse' }, tools: [{ name: 'old' }] },
    })
  })

  it('sends its messages nowhere but to the origin that it was pointed at', async () => {
    let reached = 0
    const elsewhere = await serve((_, response) => {
      reached += 1
      response.end()
    })
    const server = await startOldSse(elsewhere.url)
    const found = await look(server.url)
    await server.close()
    await elsewhere.close()
    expect(found).toMatchObject({ surface: { state: 'unavailable' } })
    expect(reached).toBe(0)
  })
})
