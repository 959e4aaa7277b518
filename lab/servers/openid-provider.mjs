// A real OpenID provider (oidc-provider, certified) as a process of its own, on a free port of loopback. Whoever gives a name is let in as that
// name. Its parent says by messages what it is to be: `{ clients, accounts, codeSeconds, tokenSeconds }`; it says `{ issuer }`, then `{ ready }`.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'practice' }] }

let answer = (_request, response) => response.writeHead(503).end()
const server = createServer((request, response) => answer(request, response))
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  process.send({ issuer })
  process.on('message', (asked) => {
    answer = provider(issuer, asked).callback()
    process.send({ ready: true })
  })
})
process.on('disconnect', () => process.exit())

function provider(issuer, { clients, accounts, codeSeconds, tokenSeconds }) {
  const made = new Provider(issuer, {
    clients,
    jwks,
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    scopes: ['openid', 'email'],
    cookies: { keys: ['practice'] },
    ttl: {
      AuthorizationCode: codeSeconds,
      AccessToken: tokenSeconds,
      ClientCredentials: tokenSeconds,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
      Grant: 600,
    },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts[sub] }) }),
    pkce: { required: () => true },
    // It reaches no address of loopback by itself, and its one client is there.
    fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => false,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
  // Its own words, for whoever looks why a test fails.
  made.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`))
  made.on('backchannel.error', (_ctx, error) => process.stderr.write(`${error.message}\n`))
  return made
}
