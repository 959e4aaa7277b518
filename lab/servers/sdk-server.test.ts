import { openingMessage } from '@upkeep/domain/negative-request/messages'
import { afterEach, describe, expect, it } from 'vitest'
import { type SdkServer, startSdkServer } from './sdk-server.ts'

const running: SdkServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

async function status(server: SdkServer, token: string): Promise<number> {
  const { headers, body } = openingMessage('initialize')
  const accept = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const authorization = `Bearer ${token}`
  const response = await fetch(server.url, { method: 'POST', headers: { ...headers, ...accept, authorization }, body })
  await response.text()
  return response.status
}

describe('practice SDK server', () => {
  it.each([
    ['bearer', 401],
    ['any-audience', 200],
  ] as const)('%s answers a token meant for another server with %i', async (authentication, expected) => {
    const server = await startSdkServer({ authentication, guards: true })
    running.push(server)
    expect(await status(server, server.token)).toBe(200)
    expect(await status(server, server.foreignToken)).toBe(expected)
    expect(await status(server, `${server.token}x`)).toBe(401)
    expect(await status(server, 'a.b.c')).toBe(401)
  })

  it('says where a token is to be had', async () => {
    const server = await startSdkServer({ authentication: 'bearer', guards: true })
    running.push(server)
    const refused = await fetch(server.url, { method: 'POST' })
    const pointer = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? ''
    expect(await (await fetch(pointer)).json()).toMatchObject({ resource: server.url })
  })
})
