import { ServeSettings, UserError } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { type BindingAsked, bindingOf } from './serve-binding.ts'

const places = { cwd: '/here', upkeepFilePath: '/etc/upkeep/upkeep.yaml' }
const oidc = { issuer: 'https://login.example.com', clientId: 'upkeep' }
const plain: BindingAsked = { host: 'localhost', port: 7420, proxies: [], local: false }

function bind(asked: Partial<BindingAsked>, settings: unknown = {}) {
  return bindingOf({ ...plain, ...asked }, ServeSettings.parse(settings), places)
}

describe('what is listened on', () => {
  test.each<[string, Partial<BindingAsked>, unknown]>([
    ['this machine alone, with nothing set', {}, {}],
    ['this machine by its address', { host: '127.0.0.1' }, {}],
    ['this machine, with people who sign in', {}, { oidc }],
    ['this machine, with TLS', { tlsCert: 'a.pem', tlsKey: 'k.pem' }, {}],
    ['every address, with TLS and a provider', { host: '0.0.0.0', tlsCert: 'a.pem', tlsKey: 'k.pem' }, { oidc }],
    [
      'an address of a network, with TLS of upkeep.yaml',
      { host: '10.0.0.5' },
      { oidc, tls: { certificate: 'c', key: 'k' } },
    ],
    ['this machine behind a proxy on it', { behind: 'https://u.example', proxies: ['127.0.0.1'] }, { oidc }],
    [
      'every address behind a proxy',
      { host: '::' },
      { oidc, behind: { origin: 'https://u.example', proxies: ['10.0.0.0/8'] } },
    ],
    [
      'this machine alone, although a provider and a proxy are set',
      { local: true },
      { oidc, behind: { origin: 'https://u.example', proxies: ['::1'] } },
    ],
  ])('%s', (_what, asked, settings) => {
    expect(bind(asked, settings).host).toBe(asked.host ?? 'localhost')
  })

  test('files are found from where they are named, and the terminal goes first', () => {
    const settings = {
      oidc,
      tls: { certificate: 'tls/c.pem', key: '/k.pem' },
      behind: { origin: 'https://a.example', proxies: ['::1'] },
    }
    expect(bind({}, settings).tls).toEqual({ certificate: '/etc/upkeep/tls/c.pem', key: '/k.pem' })
    expect(bind({ tlsCert: 'c.pem', tlsKey: 'k.pem' }, settings).tls).toEqual({
      certificate: '/here/c.pem',
      key: '/here/k.pem',
    })
    expect(bind({ behind: 'https://B.example:443/' }, settings).behind).toEqual({
      origin: 'https://b.example',
      proxies: ['::1'],
    })
    const local = bind({ local: true }, settings)
    expect([local.oidc, local.behind, local.tls]).toEqual([null, null, null])
  })
})

describe('what would stand open is refused, and it is said what to do', () => {
  test.each<[string, Partial<BindingAsked>, unknown, string, RegExp]>([
    ['every address without TLS', { host: '0.0.0.0' }, { oidc }, 'not-allowed', /--tls-cert.*--behind/],
    ['an address of a network without TLS', { host: '10.0.0.5' }, {}, 'not-allowed', /--tls-cert/],
    ['a name that is not of this machine', { host: 'upkeep.example' }, { oidc }, 'not-allowed', /--tls-cert/],
    [
      'every address with TLS, and nobody who could sign in',
      { host: '::', tlsCert: 'a', tlsKey: 'k' },
      {},
      'not-allowed',
      /serve\.oidc/,
    ],
    [
      'a proxy in front, and nobody who could sign in',
      { behind: 'https://u.example', proxies: ['::1'] },
      {},
      'not-allowed',
      /serve\.oidc/,
    ],
    ['a proxy that is not said', { behind: 'https://u.example' }, { oidc }, 'bad-input', /--proxies/],
    ['a proxy for nothing', { proxies: ['::1'] }, { oidc }, 'bad-input', /--behind/],
    ['half of TLS', { tlsCert: 'a.pem' }, {}, 'bad-input', /both/],
    ['a public address by http', { behind: 'http://u.example', proxies: ['::1'] }, { oidc }, 'bad-input', /https/],
    [
      'a public address with a path',
      { behind: 'https://u.example/upkeep', proxies: ['::1'] },
      { oidc },
      'bad-input',
      /https/,
    ],
    [
      'a public address with a user',
      { behind: 'https://a:b@u.example', proxies: ['::1'] },
      { oidc },
      'bad-input',
      /https/,
    ],
    ['a provider by http', {}, { oidc: { ...oidc, issuer: 'http://login.example.com' } }, 'not-allowed', /https/],
    [
      'a provider that only looks like one of this machine',
      {},
      { oidc: { ...oidc, issuer: 'http://localhost:x@evil.example' } },
      'not-allowed',
      /https/,
    ],
    ['a provider that is asked for no name', {}, { oidc: { ...oidc, scopes: ['email'] } }, 'bad-input', /scopes/],
    ['what is local on every address', { local: true, host: '0.0.0.0' }, { oidc }, 'not-allowed', /--host/],
  ])('%s', (_what, asked, settings, code, action) => {
    const refused = (): UserError => {
      try {
        bind(asked, settings)
      } catch (error) {
        if (error instanceof UserError) return error
      }
      throw new Error('it was let through')
    }
    expect(refused().code).toBe(code)
    expect(refused().action).toMatch(action)
  })
})
