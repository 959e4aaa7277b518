import type { AttackMethod } from '@upkeep/contract/attack-atom'
import type { HttpResponse, Refusal } from '@upkeep/contract/ports'
import { messagesIn } from './answers.ts'
import { type Front, type Judged, missed, nothingToTry, notShown, prevented } from './attacked.ts'

type With<Probe extends AttackMethod['probe']> = Extract<AttackMethod, { probe: Probe }>['with']

/** Sends one request that should be refused, beside the same request as it should be. */
export async function forgedRequest(front: Front, { forged, refusedBy }: With<'forged-request'>): Promise<Judged> {
  const lacks = missing(front, forged)
  if (lacks !== null) return nothingToTry(lacks)
  const plain = await front.send({})
  if (!isServed(plain)) return notShown(`the same request as it should be is not served (${brief(plain)})`)
  const answer = await front.send(forged)
  if (isServed(answer)) return missed(`served all the same (${brief(answer)})`)
  if (answer.state === 'answered' && refusedBy.includes(answer.status)) return prevented(`refused (${brief(answer)})`)
  return notShown(`neither served nor refused (${brief(answer)})`)
}

function missing({ has }: Front, { token, session }: With<'forged-request'>['forged']): string | null {
  const wantsToken = token === 'foreign-audience' || token === 'expired' || token === 'in-address'
  if (wantsToken && !has.token) return 'it asks for no token, so no token can be wrong'
  if ((token === 'foreign-audience' || token === 'expired') && !has[token]) return 'no such token is at hand'
  if (session !== undefined && !has.session) return 'it keeps no sessions'
  if (session === 'of-another' && !has['of-another']) return 'there is nobody else whose session it could be'
  return null
}

/** Asks, as a browser would for a foreign page, whether the answers may be read. */
export async function foreignPreflight(front: Front, { origin }: With<'foreign-preflight'>): Promise<Judged> {
  const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const answer = await front.send({ method: 'OPTIONS', token: 'none', headers })
  if (answer.state === 'unavailable') return notShown(answer.reason)
  const allowed = answer.headers['access-control-allow-origin']
  return allowed === '*' || allowed === origin
    ? missed('every page may read its answers')
    : prevented(`no foreign page may read its answers (${brief(answer)})`)
}

/** Many requests in one message: newer versions of the protocol have none, and each one of them is a request past a limit. */
export async function batch(front: Front, { requests }: With<'batch'>): Promise<Judged> {
  const body = JSON.stringify(
    Array.from({ length: requests }, (_, at) => ({ jsonrpc: '2.0', id: 9_000 + at, method: 'ping' })),
  )
  const answer = await front.send({ body })
  if (answer.state === 'unavailable') return notShown(answer.reason)
  const served = messagesIn(answer).filter((one) => 'result' in one).length
  return served > 1 ? missed(`${served} requests of one message were served`) : prevented(`refused (${brief(answer)})`)
}

/** One id for two requests of a session: whoever listens cannot tell the answers apart. */
export async function sameId(front: Front): Promise<Judged> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'upkeep-once', method: 'ping' })
  const first = await front.send({ body })
  if (!isServed(first)) return notShown(`the first request is not served (${brief(first)})`)
  const second = await front.send({ body })
  return isServed(second) ? missed('an id was served twice in one session') : prevented(`refused (${brief(second)})`)
}

function isServed(answer: HttpResponse | Refusal): boolean {
  return answer.state === 'answered' && answer.status < 300 && messagesIn(answer).some((one) => 'result' in one)
}

function brief(answer: HttpResponse | Refusal): string {
  return answer.state === 'answered' ? `HTTP ${answer.status}` : answer.reason
}
