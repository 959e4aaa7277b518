import { type ControlAttempt, defineProbe } from '@upkeep/contract'
import { tryDeniedCall } from '@upkeep/domain/negative-request/denied-call'
import { beginTrial } from '@upkeep/domain/negative-request/trial'

/** Whether a denial arrives in the log that its owner named, in time. */
export const logDelivery = defineProbe({
  id: 'log-delivery',
  version: 1,
  title: 'A denial arrives in the log',
  control: 'log-delivery',
  cites: [
    'OWASP Top 10 A09:2021 security logging and monitoring failures',
    'CWE-778 insufficient logging; NIST SP 800-53 AU-5 response to audit logging process failures',
  ],
  reaches: ['http', 'logs'],
  timeoutSeconds: 90,
  async attempt(subject, { http, logs }) {
    const { denied: [call] = [], log, authorization } = subject
    if (log === undefined || call === undefined) {
      const detail = 'no log file is named under "log" together with a call under "denied"'
      return { outcome: 'not-applicable', detail, transcript: [] }
    }
    const trial = beginTrial(subject, http)
    const authorized = authorization !== null
    const entered = await trial.enter(authorized)
    if (entered.era === null) return await trial.finish('inconclusive', `nobody is let in to call: ${entered.why}`)
    const watch = await logs.watch(log.path)
    if (watch.state === 'unavailable') return await trial.finish('inconclusive', watch.reason)
    const tried = await tryDeniedCall(trial, entered, call, authorized)
    if (tried.outcome !== 'held')
      return await trial.finish('inconclusive', `there was no denial to log: ${tried.detail}`)
    const found = await watch.appeared([call.tool], log.withinSeconds * 1_000)
    const attempt = await trial.finish(...said(found, call.tool, log.withinSeconds))
    return found.state === 'appeared' ? { ...attempt, detectedAfterMs: found.afterMs } : attempt
  },
})

function said(
  found: { state: 'appeared'; afterMs: number } | { state: 'not-appeared' } | { state: 'unavailable'; reason: string },
  tool: string,
  seconds: number,
): [ControlAttempt['outcome'], string] {
  if (found.state === 'unavailable') return ['inconclusive', found.reason]
  if (found.state === 'appeared') return ['held', `the denial of ${tool} was in the log after ${found.afterMs} ms`]
  return ['broken', `the denial of ${tool} was not in the log within ${seconds} s`]
}
