import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { bodyOf } from '@upkeep/lab/servers/scripted'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { session } from './probe.ts'

interface Sessions extends Running {
  open: Set<string>
}

/** A server of the handshake era with sessions of a kind. `letsIn`: who is served. */
async function withSessions(
  nextId: () => string,
  letsIn: (request: IncomingMessage, open: ReadonlySet<string>) => boolean = () => true,
): Promise<Sessions> {
  const open = new Set<string>()
  const running = await serve(async (request, response) => {
    const body = await bodyOf(request)
    if (request.method === 'DELETE') {
      open.delete(String(request.headers['mcp-session-id']))
      return response.writeHead(200).end()
    }
    if (!letsIn(request, open)) return response.writeHead(401).end()
    const { id, method } = JSON.parse(body)
    if (method === 'server/discover') return response.writeHead(400).end()
    const key = nextId()
    if (method === 'initialize') open.add(key)
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': key })
    return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: {} }))
  })
  return { ...running, open }
}
const withToken = ({ headers }: IncomingMessage) => headers.authorization === 'Bearer right'
const token = () => 'right'

describe('session', () => {
  it('holds where ids share nothing and a session alone is not enough, and closes what it opened', async () => {
    const server = withSessions(randomUUID, withToken)
    expect(await attemptAt(session, server, token)).toMatchObject({ outcome: 'held' })
    expect((await server).open.size).toBe(0)
    expect(await attemptAt(session, withSessions(randomUUID))).toMatchObject({ outcome: 'held' })
  })

  it('is broken where a session takes the place of the token', async () => {
    const server = withSessions(
      randomUUID,
      (request, open) => withToken(request) || open.has(String(request.headers['mcp-session-id'])),
    )
    const found = await attemptAt(session, server, token)
    expect(found).toMatchObject({
      outcome: 'broken',
      detail: expect.stringContaining('without a credential is served'),
    })
  })

  it('leaves it to the probe of authentication where nobody needs a token', async () => {
    const found = await attemptAt(session, withSessions(randomUUID), token)
    expect(found).toMatchObject({ outcome: 'held', detail: '4 session ids in a row share nothing' })
  })

  let count = 7_000_000
  const next = (step: number) => {
    count += step
    return count
  }
  it.each<[string, () => string, string]>([
    ['count up', () => `session-0000-${next(1)}`, 'count up'],
    ['are times', () => `mcp-session-${next(137)}-fixed`, 'count up'],
    ['are short', () => randomUUID().slice(0, 8), 'have 8 characters'],
    ['are random in little', () => `session-of-the-lab-${randomUUID().slice(0, 6)}`, 'of their characters differ'],
    ['are all the same', () => 'the-one-session-of-the-lab', 'handed out twice'],
  ])('is broken where ids %s', async (_, nextId, why) => {
    const found = await attemptAt(session, withSessions(nextId))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining(why) })
  })

  it('has nothing to try where there are no sessions', async () => {
    const found = await attemptAt(session, startSdkServer({ authentication: 'none', guards: true }))
    expect(found).toMatchObject({ outcome: 'not-applicable', detail: expect.stringContaining('no sessions') })
    const refused = await attemptAt(session, withSessions(randomUUID, withToken))
    expect(refused).toMatchObject({ outcome: 'not-applicable' })
  })

  it('says nothing where no conversation can be opened', async () => {
    const failing = serve((_, response) => response.writeHead(500).end())
    expect(await attemptAt(session, failing)).toMatchObject({ outcome: 'inconclusive' })
  })
})
