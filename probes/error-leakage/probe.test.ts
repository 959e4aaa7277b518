import type { IncomingMessage, ServerResponse } from 'node:http'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { serve } from '@upkeep/lab/servers/loopback'
import { bodyOf } from '@upkeep/lab/servers/scripted'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { errorLeakage } from './probe.ts'

/** A server that answers every wrong message with what the test makes of the error; right ones it serves. */
function failing(say: (error: unknown, response: ServerResponse, request: IncomingMessage) => void) {
  return serve(async (request, response) => {
    const body = await bodyOf(request)
    try {
      const message = JSON.parse(body)
      if (message.method !== 'initialize' || typeof message.params !== 'object') throw new Error('not known here')
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} }))
    } catch (error) {
      say(error, response, request)
    }
  })
}

describe('error-leakage', () => {
  it('holds on a server of the official SDK', async () => {
    const found = await attemptAt(errorLeakage, startSdkServer({ authentication: 'none', guards: true }))
    expect(found).toMatchObject({ outcome: 'held' })
  })

  it('holds where an error says what was wrong and no more', async () => {
    const plain = failing((_, response) => response.writeHead(400).end('{"error":"the message at /mcp is not JSON"}'))
    expect(await attemptAt(errorLeakage, plain)).toMatchObject({ outcome: 'held' })
  })

  it('is broken by the stack of a real error, as text and inside JSON', async () => {
    const stackOf = (error: unknown) => (error instanceof Error ? error.stack : '')
    const asText = failing((error, response) => response.writeHead(500).end(stackOf(error)))
    expect(await attemptAt(errorLeakage, asText)).toMatchObject({ outcome: 'broken' })
    const asJson = failing((error, response) => response.writeHead(500).end(JSON.stringify({ data: stackOf(error) })))
    const found = await attemptAt(errorLeakage, asJson)
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('a stack trace') })
  })

  it.each([
    ['Traceback (most recent call last):\n  File "/srv/app/main.py", line 12, in handle', 'a stack trace'],
    ["ENOENT: no such file, open '/home/ada/server/config.json'", 'a path of its machine'],
    ['C:\\\\Users\\\\ada\\\\server.js is missing', 'a path of its machine'],
    [`not authorised with ghp_${'a1B2'.repeat(9)}`, 'a secret (github-token)'],
    ['SQLSTATE[42601]: syntax error', 'a query of its database'],
  ])('is broken by %s, and does not quote it', async (text, what) => {
    const found = await attemptAt(
      errorLeakage,
      failing((_, response) => response.writeHead(500).end(text)),
    )
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining(what) })
    expect(JSON.stringify(found)).not.toContain(text.slice(-12))
  })

  it('looks behind authentication where a token is configured', async () => {
    const behind = failing((_, response, { headers }) =>
      response.writeHead(500).end(headers.authorization === undefined ? 'no' : 'at run (/srv/app/x.js:1:2)'),
    )
    expect(await attemptAt(errorLeakage, behind, () => 'abc')).toMatchObject({ outcome: 'broken' })
  })

  it('says nothing where nothing answers', async () => {
    expect(
      await attemptAt(
        errorLeakage,
        serve((request) => request.socket.destroy()),
      ),
    ).toMatchObject({
      outcome: 'inconclusive',
    })
  })
})
