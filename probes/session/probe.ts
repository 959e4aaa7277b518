import { defineProbe, type ProbeSubject } from '@upkeep/contract'
import { listingMessage, openingMessage } from '@upkeep/domain/negative-request/messages'
import { weaknessOfSessions } from '@upkeep/domain/negative-request/session-ids'
import type { Trial } from '@upkeep/domain/negative-request/trial'
import { type Judgement, withTrial } from '@upkeep/domain/negative-request/with-trial'

const samples = 4

/** Whether somebody else's session can be guessed, or is enough to be let in. */
export const session = defineProbe({
  id: 'session',
  version: 1,
  title: 'A session can neither be guessed nor used without a credential',
  control: 'session',
  cites: [
    'MCP 2025-11-25, transports, session management: ids SHOULD be unique and cryptographically secure, and MUST be visible ASCII',
    'MCP security best practices, session hijacking: servers MUST verify all inbound requests, and MUST NOT use sessions for authentication',
    'CWE-340 generation of predictable identifiers; CWE-613 insufficient session expiration',
  ],
  reaches: ['http'],
  timeoutSeconds: 45,
  attempt: withTrial(judge),
})

/** Sessions belong to the handshake era: a server of 2026-07-28 has none, and is none the worse for it. */
async function judge({ authorization }: ProbeSubject, trial: Trial): Promise<Judgement> {
  const authorized = authorization !== null
  const ids: string[] = []
  for (let at = 0; at < samples; at += 1) {
    const opened = await trial.send(openingMessage('initialize'), { authorized })
    if (opened.kind !== 'answered') return await notOpened(trial, authorized, opened.brief)
    if (opened.session === null) return { outcome: 'not-applicable', detail: 'it hands out no sessions' }
    ids.push(opened.session)
  }
  const weakness = weaknessOfSessions(ids)
  if (weakness !== null) return { outcome: 'broken', detail: `session ids can be guessed: ${weakness}` }
  if (!authorized) return { outcome: 'held', detail: `${samples} session ids in a row share nothing` }
  const open = await trial.enter(false)
  // Where nobody needs a token, it is not the session that lets them in.
  if (open.era !== null) return { outcome: 'held', detail: `${samples} session ids in a row share nothing` }
  return await withoutCredential(trial, ids[0] ?? '')
}

async function notOpened(trial: Trial, authorized: boolean, brief: string): Promise<Judgement> {
  const without = await trial.send(openingMessage('discover'), { authorized })
  if (without.kind === 'answered')
    return { outcome: 'not-applicable', detail: 'it speaks 2026-07-28 only, which has no sessions' }
  if (!authorized && without.kind === 'status' && [401, 403].includes(without.status)) {
    return { outcome: 'not-applicable', detail: `without a token no session is opened (${without.brief})` }
  }
  return { outcome: 'inconclusive', detail: `initialize: ${brief}; server/discover: ${without.brief}` }
}

async function withoutCredential(trial: Trial, id: string): Promise<Judgement> {
  const stolen = await trial.send(listingMessage('initialize', id), {})
  if (stolen.kind === 'answered') {
    return {
      outcome: 'broken',
      detail: `tools/list with a session and without a credential is served (${stolen.brief})`,
    }
  }
  if (stolen.kind === 'status' && stolen.status < 500) {
    return {
      outcome: 'held',
      detail: `a session without a credential is refused (${stolen.brief}), and ids share nothing`,
    }
  }
  return { outcome: 'inconclusive', detail: `a session without a credential: ${stolen.brief}` }
}
