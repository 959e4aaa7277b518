import type { HttpPort } from '@upkeep/contract/ports'
import type { ControlAttempt, ProbeSubject } from '@upkeep/contract/probe'
import { type Era, eras, openingMessage } from './messages.ts'
import type { Reading } from './read-answer.ts'
import { beginTrial, type Trial } from './trial.ts'

/** A header that a browser page of an attacker would carry, and the statuses with which a server refuses it in so many words. */
export interface Forgery {
  name: 'origin' | 'host'
  value: string
  refusedBy: readonly number[]
}

interface EraJudgement {
  outcome: ControlAttempt['outcome']
  detail: string
  /** Whether the same request without the forgery is served: only then does a refusal say something about the header. */
  served: boolean
}

/**
 * Tries a forged header against the same request without it, in both eras. Without a token first, as an attacker would; where a token is
 * configured also with it, and then that decides: authentication may have refused before anybody looked at the header.
 */
export async function tryForgedHeader(
  subject: ProbeSubject,
  http: HttpPort,
  forgery: Forgery,
): Promise<ControlAttempt> {
  const trial = beginTrial(subject, http)
  const bare = await inBothEras(trial, forgery, false)
  if (bare.outcome === 'broken' || subject.authorization === null) return await trial.finish(bare.outcome, bare.detail)
  const entered = await inBothEras(trial, forgery, true)
  if (entered.served || entered.outcome === 'broken') {
    return await trial.finish(entered.outcome, `with the token: ${entered.detail}`)
  }
  const detail = `the configured token is not let in, so ${forgery.name} could not be tried behind authentication`
  return await trial.finish('inconclusive', `${detail}; ${entered.detail}`)
}

async function inBothEras(trial: Trial, forgery: Forgery, authorized: boolean): Promise<EraJudgement> {
  const found: EraJudgement[] = []
  for (const era of eras) found.push(await inEra(era, trial, forgery, authorized))
  const deciding =
    found.find((judgement) => judgement.outcome === 'broken') ??
    found.find((judgement) => judgement.outcome === 'held' && judgement.served) ??
    found.find((judgement) => judgement.outcome === 'held')
  const contradicted = found.some((judgement) => judgement.outcome === 'inconclusive' && judgement.served)
  if (deciding !== undefined && !(deciding.outcome === 'held' && contradicted)) return deciding
  return {
    outcome: 'inconclusive',
    detail: found.map((judgement) => judgement.detail).join('; '),
    served: found.some((judgement) => judgement.served),
  }
}

async function inEra(era: Era, trial: Trial, forgery: Forgery, authorized: boolean): Promise<EraJudgement> {
  const message = openingMessage(era)
  const plain = await trial.send(message, { authorized })
  const forged = await trial.send(message, { authorized, forged: { [forgery.name]: forgery.value } })
  return { ...judge(message.method, forgery, plain, forged), served: plain.kind === 'answered' }
}

function judge(method: string, forgery: Forgery, plain: Reading, forged: Reading): Omit<EraJudgement, 'served'> {
  const carried = `${forgery.name}: ${forgery.value}`
  if (forged.kind === 'answered') {
    return { outcome: 'broken', detail: `${method} with ${carried} is served (${forged.brief})` }
  }
  if (forged.kind === 'unclear' || plain.kind === 'unclear') {
    return { outcome: 'inconclusive', detail: `${method}: without it ${plain.brief}, with ${carried} ${forged.brief}` }
  }
  const refused = [401, 403, ...forgery.refusedBy].includes(forged.status)
  if (plain.kind === 'answered' && refused) {
    return {
      outcome: 'held',
      detail: `${method} with ${carried} is refused (${forged.brief}), without it it is served`,
    }
  }
  if (plain.kind === 'status' && [401, 403].includes(plain.status) && refused) {
    const why =
      plain.status === forged.status
        ? `refused by authentication before ${forgery.name} was considered (${forged.brief})`
        : `refused (${forged.brief}); without it authentication refuses (${plain.brief})`
    return { outcome: 'held', detail: `${method} with ${carried} is ${why}` }
  }
  return { outcome: 'inconclusive', detail: `${method}: without it ${plain.brief}, with ${carried} ${forged.brief}` }
}
