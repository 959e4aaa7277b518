import { defineProbe, type ProbeSubject } from '@upkeep/contract'
import { forgeriesOf } from '@upkeep/domain/negative-request/forged-token'
import { type Era, listingMessage, openingMessage } from '@upkeep/domain/negative-request/messages'
import type { Trial } from '@upkeep/domain/negative-request/trial'
import { type Judgement, withTrial } from '@upkeep/domain/negative-request/with-trial'

interface Credential {
  header: string
  called: string
  foreign: boolean
}

/** Whether a server takes a token that was not issued for it, or that nobody issued at all. */
export const audience = defineProbe({
  id: 'audience',
  version: 1,
  title: 'A token for another server is refused',
  control: 'audience',
  cites: [
    'MCP 2025-11-25, authorization, token handling: servers MUST validate that a token was issued for them (RFC 8707 section 2), and MUST NOT accept any other',
    'RFC 9068 section 4: the signature and the audience of a JWT access token MUST be validated',
    'CWE-863 incorrect authorization; CWE-347 improper verification of cryptographic signature',
  ],
  reaches: ['http'],
  timeoutSeconds: 45,
  attempt: withTrial(tryTokens),
})

async function tryTokens(subject: ProbeSubject, trial: Trial): Promise<Judgement> {
  if (subject.authorization === null) {
    return { outcome: 'not-applicable', detail: 'no token is configured, so there is none to compare with' }
  }
  const entered = await trial.enter(true)
  if (entered.era === null)
    return { outcome: 'inconclusive', detail: `the configured token is not let in; ${entered.why}` }
  if (await serves(trial, entered.era, null)) {
    return { outcome: 'not-applicable', detail: 'it serves without any token' }
  }
  const credentials = credentialsFor(subject, subject.authorization)
  for (const credential of credentials) {
    if (!(await serves(trial, entered.era, credential))) continue
    const what = credential.foreign ? 'a token meant for another server' : 'a token that nobody signed'
    return { outcome: 'broken', detail: `${what} is let in (${credential.called})` }
  }
  if (credentials.some(({ foreign }) => foreign)) {
    return {
      outcome: 'held',
      detail: `a token meant for another server is refused${credentials.length > 1 ? ', and so are forged ones' : ''}`,
    }
  }
  const forged = credentials.length > 0 ? 'forged tokens are refused; ' : ''
  return {
    outcome: 'not-applicable',
    detail: `${forged}name a token of the same issuer for another server as foreignToken`,
  }
}

function credentialsFor({ foreignAuthorization }: ProbeSubject, authorization: string): Credential[] {
  const forged = forgeriesOf(authorization.replace(/^Bearer /i, '')).map(({ token, called }) => ({
    header: `Bearer ${token}`,
    called,
    foreign: false,
  }))
  const foreign = foreignAuthorization ?? null
  if (foreign === null) return forged
  return [{ header: foreign, called: 'with the token for another server', foreign: true }, ...forged]
}

/** Whether the tools can be had with it: a handshake alone gives nothing away yet. */
async function serves(trial: Trial, era: Era, credential: Credential | null): Promise<boolean> {
  const sending = credential === null ? {} : { credential }
  const opened = era === 'initialize' ? await trial.send(openingMessage(era), sending) : null
  if (opened !== null && opened.kind !== 'answered') return false
  const listed = await trial.send(listingMessage(era, opened?.session ?? null), sending)
  return listed.kind === 'answered'
}
