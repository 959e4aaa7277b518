import { defineProbe, type HttpResponse, type Refusal } from '@upkeep/contract'
import { openingMessage } from '@upkeep/domain/negative-request/messages'
import { beginTrial, forgedOrigin } from '@upkeep/domain/negative-request/trial'

/** Whether a server lets the script of a foreign web page send it requests and read the answers. */
export const cors = defineProbe({
  id: 'cors',
  version: 1,
  title: 'Foreign web pages are given no access',
  control: 'cors',
  cites: [
    'MCP 2025-11-25, transports, security warning 1: servers MUST validate Origin on all incoming connections',
    'CWE-942 permissive cross-domain policy with untrusted domains',
  ],
  reaches: ['http'],
  timeoutSeconds: 30,
  async attempt(subject, { http }) {
    const trial = beginTrial(subject, http)
    const preflight = await trial.preflight(forgedOrigin)
    const plain = await answerToPost(null)
    const withToken = subject.authorization === null ? null : await answerToPost(subject.authorization)
    const answers = { 'the preflight': preflight, 'the answer': plain, 'the answer to the token': withToken }
    for (const [where, answer] of Object.entries(answers)) {
      const given = permission(answer)
      if (given !== null) return await trial.finish('broken', `${where} permits ${given}`)
    }
    const unclear = failure(preflight) ?? failure(plain) ?? failure(withToken) ?? elsewhere(plain)
    if (unclear !== null) return await trial.finish('inconclusive', unclear)
    return await trial.finish('held', `neither the preflight nor the answer permits ${forgedOrigin}`)

    async function answerToPost(token: string | null) {
      await trial.send(openingMessage('initialize'), { forged: { origin: forgedOrigin }, authorized: token !== null })
      return trial.last()
    }
  },
})

/** What an answer allows a foreign page, in words; null when nothing. */
function permission(answer: HttpResponse | Refusal | null): string | null {
  if (answer?.state !== 'answered') return null
  const allowed = (answer.headers['access-control-allow-origin'] ?? '').trim().toLowerCase()
  const credentials = answer.headers['access-control-allow-credentials'] === 'true' ? ', with its credentials' : ''
  if (allowed === '*') return 'every web page (access-control-allow-origin: *)'
  if (allowed === forgedOrigin) return `${forgedOrigin}, which it cannot know: any origin is reflected${credentials}`
  return allowed === 'null' ? `pages without an origin (access-control-allow-origin: null)${credentials}` : null
}

/** Why an answer says nothing about permissions; null when it does. */
function failure(answer: HttpResponse | Refusal | null): string | null {
  if (answer === null) return null
  if (answer.state === 'unavailable') return `no answer: ${answer.reason}`
  return answer.status >= 500 ? `HTTP ${answer.status}: the server failed` : null
}

/** A page that is not there permits nothing, and proves nothing: only success or a refusal shows that the endpoint itself answered. */
function elsewhere(answer: HttpResponse | Refusal | null): string | null {
  if (answer?.state !== 'answered') return 'no answer'
  const { status } = answer
  if ((status >= 200 && status < 300) || [400, 401, 403, 406, 415, 421].includes(status)) return null
  return `HTTP ${status}: no sign of an MCP endpoint`
}
