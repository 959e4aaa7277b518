import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpPort } from './http.ts'

const identity = selfSigned()

describe.skipIf(identity === null)('http port over TLS (needs openssl)', () => {
  const server = createServer(identity ?? {}, (_, response) => response.end('reached'))
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => server.close())

  it('does not talk to a server whose certificate does not hold, and says why', async () => {
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const headers = { host: 'evil.example' }
    const refusal = await createHttpPort().exchange({ url, method: 'GET', headers, timeoutMs: 2_000, maxBytes: 100 })
    expect(refusal).toMatchObject({
      state: 'unavailable',
      code: 'unreachable',
      reason: expect.stringContaining('SELF_SIGNED'),
    })
  })
})
