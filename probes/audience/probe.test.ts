import { attemptAt, bearer } from '@upkeep/lab/servers/attempts'
import { serve } from '@upkeep/lab/servers/loopback'
import { bodyOf } from '@upkeep/lab/servers/scripted'
import { type SdkServer, startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { audience } from './probe.ts'

const token = (server: SdkServer) => server.token
const foreign = (server: SdkServer) => ({ foreignAuthorization: bearer(server.foreignToken) })

describe('audience', () => {
  it('holds where a token for another server is refused, and forged ones too', async () => {
    const server = startSdkServer({ authentication: 'bearer', guards: true })
    const found = await attemptAt(audience, server, token, foreign)
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('so are forged ones') })
    expect(JSON.stringify(found)).not.toContain((await server).token)
    expect(JSON.stringify(found)).not.toContain((await server).foreignToken)
  })

  it('is broken where every token of its issuer is let in', async () => {
    const found = await attemptAt(
      audience,
      startSdkServer({ authentication: 'any-audience', guards: true }),
      token,
      foreign,
    )
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('meant for another server') })
  })

  it('is broken where nobody looks at the signature', async () => {
    const trusting = serve(async (request, response) => {
      const { id } = JSON.parse(await bodyOf(request))
      const [, body = ''] = (request.headers.authorization ?? '').split('.')
      const claims = body === '' ? {} : JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
      if (claims.exp === undefined) return response.writeHead(401).end()
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: {} }))
    })
    const issued = await startSdkServer({ authentication: 'bearer', guards: true })
    const found = await attemptAt(audience, trusting, () => issued.token)
    await issued.close()
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('nobody signed') })
  })

  it('is not shown without a token for another server, though forged ones are refused', async () => {
    const found = await attemptAt(audience, startSdkServer({ authentication: 'bearer', guards: true }), token)
    expect(found).toMatchObject({
      outcome: 'not-applicable',
      detail: expect.stringMatching(/^forged tokens are refused; .*foreignToken/),
    })
  })

  it('has nothing to try without a token, or where none is asked for', async () => {
    const open = () => startSdkServer({ authentication: 'none', guards: true })
    expect(await attemptAt(audience, open())).toMatchObject({ outcome: 'not-applicable' })
    expect(await attemptAt(audience, open(), token, foreign)).toMatchObject({ outcome: 'not-applicable' })
  })

  it('says nothing where the configured token is not let in', async () => {
    const server = startSdkServer({ authentication: 'bearer', guards: true })
    const found = await attemptAt(audience, server, () => 'not-a-token', foreign)
    expect(found).toMatchObject({ outcome: 'inconclusive' })
  })
})
