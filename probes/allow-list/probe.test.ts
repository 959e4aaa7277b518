import { startAnswering } from '@upkeep/lab/servers/answering'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { serve } from '@upkeep/lab/servers/loopback'
import { bodyOf } from '@upkeep/lab/servers/scripted'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { allowList } from './probe.ts'

const denied = () => ({ denied: [{ tool: 'add', arguments: {} }] })
const none = () => null

/** A gateway that answers calls of `add` in one way and everything else with success or "unknown". */
function gateway(answerToAdd: object, answerToUnknown: object = { error: { code: -32602, message: 'Unknown tool' } }) {
  return serve(async (request, response) => {
    const { id, method, params } = JSON.parse((await bodyOf(request)) || '{}')
    const called = params?.name === 'add' ? answerToAdd : answerToUnknown
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...(method === 'tools/call' ? called : { result: {} }) }))
  })
}

describe('allow-list', () => {
  it.each<[string, object]>([
    ['denied by an error that says so', { error: { code: -32001, message: 'denied by policy' } }],
    [
      'denied by a result that says so',
      { result: { isError: true, content: [{ type: 'text', text: 'Not allowed' }] } },
    ],
    ['answered like a tool that is not there', { error: { code: -32602, message: 'Unknown tool' } }],
  ])('holds where the call is %s', async (_, answer) => {
    expect(await attemptAt(allowList, gateway(answer), none, denied)).toMatchObject({ outcome: 'held' })
  })

  it('holds where the call is refused by HTTP 403', async () => {
    const server = startAnswering(({ headers }) => (headers['mcp-name'] === undefined ? null : { status: 403 }))
    const discovering = startAnswering(({ headers }) => {
      if (headers['mcp-method'] === undefined) return { status: 400 }
      return headers['mcp-name'] === undefined ? null : { status: 403 }
    })
    await (await server).close()
    expect(await attemptAt(allowList, discovering, none, denied)).toMatchObject({ outcome: 'held' })
  })

  it('is broken where the call is served', async () => {
    const found = await attemptAt(allowList, gateway({ result: { content: [] } }), none, denied)
    expect(found).toMatchObject({ outcome: 'broken', detail: 'a call of add is served' })
  })

  it('is broken where a server of the official SDK takes it as far as its arguments', async () => {
    const found = await attemptAt(allowList, startSdkServer({ authentication: 'none', guards: true }), none, denied)
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('as far as its arguments') })
  })

  it('holds on a server of the official SDK that has no such tool', async () => {
    const other = () => ({ denied: [{ tool: 'delete-all', arguments: {} }] })
    const found = await attemptAt(allowList, startSdkServer({ authentication: 'none', guards: true }), none, other)
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('as if there were no such tool') })
  })

  it('says nothing on an error that says nothing, and calls nothing that is not named', async () => {
    const vague = gateway({ error: { code: -32000, message: 'oops' } })
    expect(await attemptAt(allowList, vague, none, denied)).toMatchObject({ outcome: 'inconclusive' })
    const unnamed = await attemptAt(allowList, gateway({ result: {} }))
    expect(unnamed).toMatchObject({ outcome: 'not-applicable', transcript: [] })
  })
})
