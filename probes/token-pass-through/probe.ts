import { type ControlAttempt, defineProbe, type LogWatch } from '@upkeep/contract'
import { callMessage } from '@upkeep/domain/negative-request/messages'
import { beginTrial } from '@upkeep/domain/negative-request/trial'

/** How long after the request itself its headers may come to the log. */
const graceMs = 1_000

/** Whether a server passes the token that it was given on to whom it asks itself. Only where its owner names what shows that. */
export const tokenPassThrough = defineProbe({
  id: 'token-pass-through',
  version: 1,
  title: 'A token for the server goes no further',
  control: 'token-pass-through',
  cites: [
    'MCP 2025-11-25, authorization, access token privilege restriction: a server MUST NOT pass the token of its client on to an upstream API',
    'MCP security best practices, token passthrough; CWE-441 unintended proxy or intermediary',
  ],
  reaches: ['http', 'logs'],
  timeoutSeconds: 90,
  async attempt(subject, { http, logs }) {
    const { upstream, authorization } = subject
    if (upstream === undefined)
      return nothingToTry('no call is named under "upstream" with the log of what goes out then')
    if (authorization === null) return nothingToTry('no token is configured that could be passed on')
    const trial = beginTrial(subject, http)
    const entered = await trial.enter(true)
    if (entered.era === null) return await trial.finish('inconclusive', `nobody is let in to call: ${entered.why}`)
    const [requests, tokens] = [await logs.watch(upstream.log), await logs.watch(upstream.log)]
    if (requests.state === 'unavailable') return await trial.finish('inconclusive', requests.reason)
    if (tokens.state === 'unavailable') return await trial.finish('inconclusive', tokens.reason)
    const { tool } = upstream
    const message = callMessage(entered.era, entered.session, { tool, arguments: upstream.arguments })
    await trial.send({ ...message, method: `tools/call ${tool}` }, { authorized: true })
    const token = authorization.replace(/^Bearer /i, '')
    return await trial.finish(...(await judge({ requests, tokens, token, upstream })))
  },
})

async function judge(seen: {
  requests: LogWatch
  tokens: LogWatch
  token: string
  upstream: { tool: string; shows: string; withinSeconds: number }
}): Promise<[ControlAttempt['outcome'], string]> {
  const { tool, shows, withinSeconds } = seen.upstream
  const request = await seen.requests.appeared([shows], withinSeconds * 1_000)
  if (request.state === 'unavailable') return ['inconclusive', request.reason]
  const passedOn = await seen.tokens.appeared([seen.token], graceMs)
  if (passedOn.state === 'unavailable') return ['inconclusive', passedOn.reason]
  if (passedOn.state === 'appeared') return ['broken', `the token is in what goes out when ${tool} is called`]
  if (request.state === 'appeared') return ['held', `what goes out when ${tool} is called is without the token`]
  return ['inconclusive', `nothing that fits "shows" went out within ${withinSeconds} s of a call of ${tool}`]
}

function nothingToTry(detail: string): ControlAttempt {
  return { outcome: 'not-applicable', detail, transcript: [] }
}
