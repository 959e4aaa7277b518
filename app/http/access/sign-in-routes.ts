import { setTimeout as wait } from 'node:timers/promises'
import { printable } from '@upkeep/domain/printable'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SignInOutcome } from '../../sign-in-record.ts'
import { originOf } from '../came-to.ts'
import { sendProblem } from '../problem.ts'
import type { Access } from './access.ts'
import type { AskedSignIns } from './asked-sign-ins.ts'
import { beginSession } from './begin-session.ts'
import { clearCookie, cookieIn, setCookie, signInCookie } from './door-cookies.ts'
import { type Identity, personOf } from './identity.ts'
import { type Provider, SignInFailed, type SignInFailure } from './provider.ts'
import type { SignInProblem } from './session-shown.ts'
import { wrongTries } from './wrong-tries.ts'

export const cameBackPath = '/sign-in/back'

/** Sign-ins of one address in a minute that may come to nothing before it is told to wait. */
const mostWrong = 10

type TeamAccess = Access & { readonly provider: Provider }

/** `/sign-in` sends a browser to the provider, which sends it back to `/sign-in/back`. What goes wrong is said on the console's own page. */
export function signInRoutes(server: FastifyInstance, access: TeamAccess, asked: AskedSignIns): void {
  const wrong = wrongTries(mostWrong)
  server.get<{ Querystring: { to?: string } }>('/sign-in', async (request, reply) => {
    const redirectUri = `${originOf(request)}${cameBackPath}`
    try {
      const { url, asked: kept } = await access.provider.begin(redirectUri)
      const secret = asked.keep({ state: 'asked', asked: kept, redirectUri, page: pageIn(request.query.to) })
      remember(request, reply, asked, secret)
      return reply.redirect(url, 303)
    } catch (error) {
      return failed(request, reply, { why: failureOf(error), identity: null })
    }
  })
  server.get(cameBackPath, async (request, reply) => {
    const secret = cookieIn(request, signInCookie)
    const begun = asked.take(secret)
    if (begun === null) return failed(request, reply, { why: 'not-begun-here', identity: null })
    try {
      const query = new URL(request.url, originOf(request)).search
      const back = new URL(`${begun.redirectUri}${query}`)
      const { identity, ...signedIn } = await access.provider.finish(back, begun.asked)
      const who = whoIs(access, identity)
      if (typeof who === 'string') return failed(request, reply, { why: who, identity })
      const { issuer } = access.provider
      record(request, { outcome: 'signed-in', person: who.id, subject: identity.subject, provider: issuer })
      clearCookie(request, reply, signInCookie)
      beginSession(access, request, reply, { how: 'provider', identity, ...signedIn })
      return reply.header('referrer-policy', 'no-referrer').redirect(begun.page, 303)
    } catch (error) {
      return failed(request, reply, { why: failureOf(error), identity: null })
    }
  })

  async function failed(request: FastifyRequest, reply: FastifyReply, { why, identity }: Failure) {
    const { issuer, host } = access.provider
    const isGuess = why === 'not-begun-here' || why === 'not-believed'
    const delayMs = isGuess ? wrong.delayMs(request.ip) : 0
    const isTooMany = isGuess && wrong.add(request.ip)
    const outcome = isTooMany ? 'too-many' : why
    record(request, { outcome, person: null, subject: identity?.subject ?? null, provider: issuer })
    await wait(delayMs)
    if (isTooMany) return sendProblem(reply, tooMany)
    const problem = problemOf(why, host, identity)
    remember(request, reply, asked, asked.keep({ state: 'failed', problem }))
    return reply.header('referrer-policy', 'no-referrer').redirect('/', 303)
  }

  function record(
    request: FastifyRequest,
    line: { outcome: SignInOutcome; person: string | null; subject: string | null; provider: string },
  ): void {
    const { person, outcome } = line
    request.log.info({ who: person, how: 'provider', outcome }, person === null ? 'not signed in' : 'signed in')
    access.log.add({ ...line, how: 'provider', from: request.ip })
  }
}

type Why = Exclude<SignInOutcome, 'signed-in' | 'signed-out' | 'signed-out-there' | 'link-wrong' | 'too-many'>

interface Failure {
  readonly why: Why
  readonly identity: Identity | null
}

function remember(request: FastifyRequest, reply: FastifyReply, { seconds }: AskedSignIns, secret: string): void {
  setCookie(request, reply, { cookie: signInCookie, secret, seconds })
}

function whoIs({ people }: Access, identity: Identity): { id: string } | Why {
  const found = personOf(identity, people() ?? [])
  if (found === null) return 'unknown-person'
  return found.agent === true ? 'is-a-program' : found
}

const outcomes: Readonly<Record<SignInFailure, Why>> = {
  down: 'provider-down',
  refused: 'refused-by-provider',
  'not-believed': 'not-believed',
}

function failureOf(error: unknown): Why {
  if (error instanceof SignInFailed) return outcomes[error.why]
  throw error
}

/** A page of the console and nothing else, so that nobody is sent elsewhere by a link to us. */
function pageIn(asked: unknown): string {
  return typeof asked === 'string' && /^\/(?:[a-z][a-z-]{0,30}(?:\/[\w%.~:@-]{1,300})?)?$/i.test(asked) ? asked : '/'
}

function problemOf(why: Why, host: string, identity: Identity | null): SignInProblem {
  const means = 'You are not signed in here. What happened is in the record of sign-ins.'
  return { code: why, means, ...wordsFor(why, host, identity) }
}

function wordsFor(why: Why, host: string, identity: Identity | null): Pick<SignInProblem, 'message' | 'action'> {
  const again = 'Sign in again; if it stays so, tell whoever runs upkeep.'
  if (why === 'unknown-person') {
    const { email = null, subject = '' } = identity ?? {}
    const as = email === null ? 'without an address that it has verified' : `as ${printable(email, { maxLength: 254 })}`
    return {
      message: `${host} knows you, ${as}, and upkeep.yaml names nobody so. You have no role here.`,
      action: `Ask an admin to add you to people in upkeep.yaml, by e-mail, or by subject: ${printable(subject, { maxLength: 255 })}`,
    }
  }
  if (why === 'is-a-program')
    return {
      message: 'upkeep.yaml calls you a program (agent): programs show a token.',
      action: 'Sign in as a person.',
    }
  if (why === 'provider-down')
    return {
      message: `${host} does not answer as an OpenID provider should.`,
      action: 'Try again later. Whoever owns the machine gets in meanwhile: upkeep serve --local',
    }
  if (why === 'refused-by-provider')
    return { message: `${host} did not let you in, or you turned back.`, action: again }
  if (why === 'not-begun-here')
    return {
      message: 'This sign-in was not begun in this browser, or is over: it is good once, within ten minutes.',
      action: 'Sign in again.',
    }
  return { message: `What ${host} sent does not fit what was asked of it, and is not believed.`, action: again }
}

const tooMany = {
  code: 'too-many',
  message: 'Too many sign-ins from this address came to nothing.',
  means: 'Nobody was signed in.',
  action: 'Wait a minute.',
}
