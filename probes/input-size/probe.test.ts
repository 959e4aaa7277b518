import { attemptAt } from '@upkeep/lab/servers/attempts'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { bodyOf } from '@upkeep/lab/servers/scripted'
import { describe, expect, it } from 'vitest'
import { inputSize } from './probe.ts'

const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} })

/** A server that serves what its limit lets through; `cuts`: it ends the connection instead of answering. */
function limited(maxBytes: number, cuts = false): Promise<Running> {
  return serve(async (request, response) => {
    if (cuts && Number(request.headers['content-length'] ?? 0) > maxBytes) return request.socket.destroy()
    const body = await bodyOf(request, maxBytes)
    if (body === null) return response.writeHead(413).end()
    response.writeHead(200, { 'content-type': 'application/json' })
    return response.end(answer)
  })
}

describe('input-size', () => {
  it.each([false, true])('holds where a large message is refused (by cutting the connection: %s)', async (cuts) => {
    const found = await attemptAt(inputSize, limited(1 << 20, cuts))
    expect(found).toMatchObject({
      outcome: 'held',
      detail: expect.stringContaining('nested 20000 deep changes nothing'),
    })
  })

  it('is broken where a large message is served', async () => {
    const found = await attemptAt(inputSize, limited(64 << 20))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('8 MiB is taken') })
  })

  it('is broken where a deep message ends the service', async () => {
    let alive = true
    const fragile = serve(async (request, response) => {
      const body = await bodyOf(request, 1 << 20)
      if (body === null) return response.writeHead(413).end()
      if (body.includes('[[[[[[[[[[')) alive = false
      if (!alive) return request.socket.destroy()
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(answer)
    })
    expect(await attemptAt(inputSize, fragile)).toMatchObject({
      outcome: 'broken',
      detail: expect.stringContaining('does not serve any more'),
    })
  })

  it('takes a server that is not there for none that refuses', async () => {
    const gone = serve((request) => request.socket.destroy())
    expect(await attemptAt(inputSize, gone)).toMatchObject({ outcome: 'inconclusive' })
  })

  it('says nothing where the server fails on it', async () => {
    const failing = serve(async (request, response) => {
      const body = await bodyOf(request, 1 << 20)
      response.writeHead(body === null ? 500 : 200, { 'content-type': 'application/json' }).end(answer)
    })
    expect(await attemptAt(inputSize, failing)).toMatchObject({ outcome: 'inconclusive' })
  })
})
