import type { HttpPort } from '@upkeep/contract/ports'
import { gatewayPlace, serversAddress } from '@upkeep/domain/gateways/gateway-place'
import { expect, test } from 'vitest'
import { openGateways } from './gateways.ts'

const kind = 'fiberplane-gateway' as const
const here = { url: 'http://127.0.0.1:3333/', kind, token: 'env:TOKEN' }
const far = { url: 'http://gateway.example.org', kind, token: 'env:TOKEN' }
const safe = { url: 'https://gateway.example.org/base', kind, token: 'env:NONE' }

/** Notes what goes out and answers with a list of none. */
function asking(status = 200, body = '{"servers":[]}') {
  const sent: { url: string; headers: unknown }[] = []
  const http: HttpPort = {
    async exchange({ url, headers }) {
      sent.push({ url, headers })
      return { state: 'answered', status, headers: {}, body, truncated: false, milliseconds: 1 }
    },
  }
  const secrets = {
    fingerprint: () => '',
    resolve: (name: string) => (name === 'env:TOKEN' ? 't' : null),
    tokenFor: () => null,
  }
  const places = { list: () => [here, far, safe].map(gatewayPlace), ownProgram: () => [], keptObjects: () => '' }
  return { sent, gateways: openGateways({ http, secrets, places }) }
}

test('a listed gateway is asked at its own address, with its token', async () => {
  const { sent, gateways } = asking()
  expect(await gateways.read(serversAddress(here))).toMatchObject({ state: 'present' })
  expect(sent).toMatchObject([
    { url: 'http://127.0.0.1:3333/api/servers/config', headers: { authorization: 'Bearer t' } },
  ])
})

test.each([
  ['one that is not listed', 'http://127.0.0.1:4444/api/servers/config', 'not-configured', /does not list it/],
  ['one over plain http on another machine', serversAddress(far), 'not-supported', /in the clear/],
  ['one whose token leads nowhere', serversAddress(safe), 'not-configured', /leads nowhere/],
])('%s is not contacted', async (_, address, code, reason) => {
  const { sent, gateways } = asking()
  expect(await gateways.read(address)).toMatchObject({ code, reason: expect.stringMatching(reason) })
  expect(sent).toEqual([])
})

test.each([
  [401, '', 'permission-denied'],
  [302, '', 'malformed'],
  [200, 'hello', 'malformed'],
])('an answer of %i with "%s" is %s', async (status, body, code) => {
  expect(await asking(status, body).gateways.read(serversAddress(here))).toMatchObject({ state: 'unavailable', code })
})
