import { defineProbe, type HttpResponse } from '@upkeep/contract'
import { openingMessage, pingMessage } from '@upkeep/domain/negative-request/messages'
import { beginTrial } from '@upkeep/domain/negative-request/trial'

/** Whether a client that asks too often is slowed down. Only where the owner says how many requests may be made. */
export const rateLimit = defineProbe({
  id: 'rate-limit',
  version: 1,
  title: 'A client that asks too often is slowed down',
  control: 'rate-limit',
  cites: [
    'MCP 2025-11-25, server tools, security considerations: servers MUST rate limit tool invocations',
    'OWASP API4:2023 unrestricted resource consumption; RFC 6585 section 4 (429)',
  ],
  reaches: ['http'],
  timeoutSeconds: 120,
  last: true,
  async attempt(subject, { http }) {
    const { burst, authorization } = subject
    if (burst === undefined) {
      const detail = 'it takes many requests, and is tried only where "burst" says how many'
      return { outcome: 'not-applicable', detail, transcript: [] }
    }
    const trial = beginTrial(subject, http)
    const authorized = authorization !== null
    const entered = await trial.enter(authorized)
    const message = entered.era === null ? openingMessage('discover') : pingMessage(entered.era, entered.session)
    let answered = 0
    for (let at = 1; at <= burst; at += 1) {
      await trial.send(message, { authorized })
      const last = trial.last()
      if (last?.state !== 'answered') continue
      if (slowsDown(last)) return await trial.finish('held', `request ${at} is told to wait (HTTP ${last.status})`)
      answered += 1
    }
    if (answered < burst) return await trial.finish('inconclusive', `${answered} of ${burst} requests had an answer`)
    return await trial.finish('broken', `${burst} requests in a row were all answered at once`)
  },
})

/** A server that is told to be busy says how long: a mere 503 is a failure. */
function slowsDown({ status, headers }: HttpResponse): boolean {
  return status === 429 || (status === 503 && headers['retry-after'] !== undefined)
}
