import { defineProbe } from '@upkeep/contract'
import { tryDeniedCall } from '@upkeep/domain/negative-request/denied-call'
import { beginTrial } from '@upkeep/domain/negative-request/trial'

/** Whether calls that the owner says must be denied are denied. */
export const allowList = defineProbe({
  id: 'allow-list',
  version: 1,
  title: 'Calls outside the allow-list are denied',
  control: 'allow-list',
  cites: [
    'MCP 2025-11-25, server tools, security considerations: servers MUST implement proper access controls',
    'OWASP API5:2023 broken function level authorization; CWE-285 improper authorization',
  ],
  reaches: ['http'],
  timeoutSeconds: 60,
  async attempt(subject, { http }) {
    const { denied = [], authorization } = subject
    if (denied.length === 0) {
      return {
        outcome: 'not-applicable',
        detail: 'no call is named under "denied" that must be refused',
        transcript: [],
      }
    }
    const trial = beginTrial(subject, http)
    const authorized = authorization !== null
    const entered = await trial.enter(authorized)
    if (entered.era === null) return await trial.finish('inconclusive', `nobody is let in to call: ${entered.why}`)
    const found = []
    for (const call of denied) found.push(await tryDeniedCall(trial, entered, call, authorized))
    const deciding =
      found.find(({ outcome }) => outcome === 'broken') ?? found.find(({ outcome }) => outcome === 'inconclusive')
    return await trial.finish(
      deciding?.outcome ?? 'held',
      deciding?.detail ?? found.map(({ detail }) => detail).join('; '),
    )
  },
})
