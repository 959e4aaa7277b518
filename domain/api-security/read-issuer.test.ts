import type { HttpResponse } from '@upkeep/contract/ports'
import { describe, expect, it } from 'vitest'
import { readIssuer, wellKnownOf } from './read-issuer.ts'

function answered(document: object): HttpResponse {
  return {
    state: 'answered',
    status: 200,
    headers: {},
    body: JSON.stringify(document),
    truncated: false,
    milliseconds: 1,
  }
}
const remote = 'https://login.example.com'
const local = 'http://127.0.0.1:4000'

describe('endpoints of an authorization server', () => {
  it.each<[string, string, string, boolean]>([
    [remote, `${remote}/authorize`, `${remote}/token`, true],
    [remote, `${remote}/authorize`, 'http://login.example.com/token', false],
    [remote, 'http://login.example.com/authorize', `${remote}/token`, false],
    [remote, `${remote}/authorize`, 'http://127.0.0.1:4000/token', false],
    [remote, `${remote}/authorize`, 'http://127.0.0.1.evil.example/token', false],
    [remote, 'javascript:alert(1)', `${remote}/token`, false],
    [local, `${local}/authorize`, `${local}/token`, true],
    [local, `${local}/authorize`, 'http://login.example.com/token', false],
    [local, `${local}/authorize`, 'https://login.example.com/token', true],
  ])('of %s: %s and %s are protected: %s', (issuer, authorize, token, expected) => {
    const document = { issuer, authorization_endpoint: authorize, token_endpoint: token }
    expect(readIssuer(issuer, [answered(document)])).toMatchObject({ state: 'read', endpointsHttps: expected })
  })

  it('one that names none has none that is protected', () => {
    expect(readIssuer(remote, [answered({ issuer: remote })]).endpointsHttps).toBe(false)
  })
})

it('metadata lies before the path, for OpenID behind it too', () => {
  expect(wellKnownOf('oauth-authorization-server', `${remote}/tenant`)).toEqual([
    `${remote}/.well-known/oauth-authorization-server/tenant`,
  ])
  expect(wellKnownOf('openid-configuration', `${remote}/tenant`)).toEqual([
    `${remote}/.well-known/openid-configuration/tenant`,
    `${remote}/tenant/.well-known/openid-configuration`,
  ])
  expect(wellKnownOf('openid-configuration', 'file:///etc/passwd')).toEqual([])
})
