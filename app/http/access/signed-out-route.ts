import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Access } from './access.ts'
import { personOf } from './identity.ts'
import { logoutTokens, skewSeconds } from './logout-tokens.ts'
import type { Provider } from './provider.ts'
import { wrongTries } from './wrong-tries.ts'

const signedOutPath = '/sign-out/back-channel'

const mostBytes = 20_000
/** Wrong tokens of one address in a minute before each waits. */
const mostWrong = 10

/**
 * The provider says here that it signed somebody out (OpenID Connect Back-Channel Logout 1.0): their sessions end, wherever their browsers are. It comes from no
 * browser, shows nothing that is secret, and what it says is believed by its signature alone.
 */
export function signedOutRoute(server: FastifyInstance, access: Access & { readonly provider: Provider }): void {
  const { provider, sessions, people, log } = access
  const believed = logoutTokens(provider)
  const wrong = wrongTries(mostWrong)
  server.register(async (route) => {
    route.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: mostBytes },
      (_request, text, done) => done(null, new URLSearchParams(String(text)).getAll('logout_token')),
    )
    route.post(signedOutPath, async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const [token, ...more] = Array.isArray(request.body) ? request.body.map(String) : []
      const said = token === undefined || more.length > 0 ? null : await believed(token)
      if (said === null) {
        const delayMs = wrong.delayMs(request.ip)
        wrong.add(request.ip)
        await wait(delayMs)
        return reply
          .code(400)
          .send({ error: 'invalid_request', error_description: 'not a logout token for this client' })
      }
      const before = said.at + skewSeconds * 1_000
      for (const identity of sessions.endOf({ ...said, before })) {
        const person = personOf(identity, people() ?? [])?.id ?? null
        const line = { outcome: 'signed-out-there', how: 'provider', person, from: request.ip } as const
        request.log.info({ who: person, how: 'provider' }, 'signed out at the provider')
        log.add({ ...line, provider: provider.issuer, subject: identity.subject })
      }
      return reply.code(200).send()
    })
  })
}
