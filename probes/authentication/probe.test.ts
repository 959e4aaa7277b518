import { startAnswering } from '@upkeep/lab/servers/answering'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { serve } from '@upkeep/lab/servers/loopback'
import { startScripted, toolsScript } from '@upkeep/lab/servers/scripted'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { authentication } from './probe.ts'

const noTools = toolsScript(() => '{"tools":[]}')

describe('authentication', () => {
  it('holds where a call without a credential gets 401', async () => {
    const found = await attemptAt(authentication, startSdkServer({ authentication: 'bearer', guards: true }))
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('says where to get one') })
    expect(found.transcript[0]).toMatchObject({ sent: expect.stringContaining('without a token') })
  })

  it('is broken where the call is served', async () => {
    const found = await attemptAt(authentication, startSdkServer({ authentication: 'none', guards: true }))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('tools/list') })
  })

  it('never sends the token', async () => {
    const server = startSdkServer({ authentication: 'bearer', guards: true })
    const found = await attemptAt(authentication, server, ({ token }) => token)
    expect(found.outcome).toBe('held')
  })

  it('holds where the handshake is served and the tools are not, and says so', async () => {
    const server = startScripted((method, message) =>
      method === 'initialize' ? noTools(method, message) : { raw: (response) => response.writeHead(401).end() },
    )
    const found = await attemptAt(authentication, server)
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('initialize is served, but') })
    expect((await server).seen.at(-1)).toBe('DELETE')
  })

  it('is broken where only the newer era is open', async () => {
    const server = startAnswering(({ headers }) => (headers['mcp-method'] === undefined ? { status: 401 } : null))
    expect((await attemptAt(authentication, server)).outcome).toBe('broken')
  })

  it.each([500, 502, 404, 307, 429])('says nothing on HTTP %i', async (status) => {
    const found = await attemptAt(
      authentication,
      startAnswering(() => ({ status })),
    )
    expect(found).toMatchObject({ outcome: 'inconclusive', detail: expect.stringContaining(`HTTP ${status}`) })
  })

  it('says nothing when nothing answers, or something else does', async () => {
    const gone = serve(() => {})
    await (await gone).close()
    expect((await attemptAt(authentication, gone)).outcome).toBe('inconclusive')
    const page = serve((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi</p>'))
    expect((await attemptAt(authentication, page)).outcome).toBe('inconclusive')
  })
})
