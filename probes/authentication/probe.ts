import { defineProbe, type ProbeAttempt } from '@upkeep/contract'
import { type Era, eras, listingMessage, openingMessage } from '@upkeep/domain/negative-request/messages'
import type { Reading } from '@upkeep/domain/negative-request/read-answer'
import { beginTrial, type Trial } from '@upkeep/domain/negative-request/trial'

type Judgement = Pick<ProbeAttempt, 'outcome' | 'detail'>

/** Whether a server serves somebody who shows no credential. */
export const authentication = defineProbe({
  id: 'authentication',
  version: 1,
  title: 'A call without a credential is refused',
  control: 'authentication',
  cites: [
    'MCP 2025-11-25, transports, security warning 3: servers SHOULD have proper authentication for all connections',
    'MCP 2025-11-25, authorization: a request without a valid token gets HTTP 401, with the place of the RFC 9728 metadata',
    'CWE-306 missing authentication for critical function',
  ],
  reaches: ['http'],
  timeoutSeconds: 45,
  async attempt(subject, { http }) {
    const trial = beginTrial(subject, http)
    const found: Judgement[] = []
    for (const era of eras) found.push(await (era === 'initialize' ? handshake(trial) : listing(era, trial, null)))
    const deciding =
      found.find(({ outcome }) => outcome === 'broken') ?? found.find(({ outcome }) => outcome === 'held')
    const detail = deciding?.detail ?? found.map((judgement) => judgement.detail).join('; ')
    return await trial.finish(deciding?.outcome ?? 'inconclusive', detail)
  },
})

/** A handshake alone gives nothing away yet: what counts is whether the tools can be had after it. */
async function handshake(trial: Trial): Promise<Judgement> {
  const opened = await trial.send(openingMessage('initialize'), {})
  if (opened.kind !== 'answered') return judge('initialize', opened)
  const listed = await listing('initialize', trial, opened.session)
  if (listed.outcome === 'held') return { outcome: 'held', detail: `initialize is served, but ${listed.detail}` }
  return {
    outcome: 'broken',
    detail: `initialize without a credential is served (${opened.brief}); ${listed.detail}`,
  }
}

async function listing(era: Era, trial: Trial, session: string | null): Promise<Judgement> {
  return judge('tools/list', await trial.send(listingMessage(era, session), {}))
}

function judge(method: string, reading: Reading): Judgement {
  if (reading.kind === 'answered') {
    return { outcome: 'broken', detail: `${method} without a credential is served (${reading.brief})` }
  }
  if (reading.kind === 'status' && reading.status === 401) {
    const pointer = reading.pointsToMetadata ? 'and says where to get one' : 'but does not say where to get one'
    return { outcome: 'held', detail: `${method} without a credential is refused (HTTP 401) ${pointer}` }
  }
  if (reading.kind === 'status' && reading.status === 403) {
    return { outcome: 'held', detail: `${method} without a credential is refused (HTTP 403)` }
  }
  return { outcome: 'inconclusive', detail: `${method} without a credential: ${reading.brief}` }
}
