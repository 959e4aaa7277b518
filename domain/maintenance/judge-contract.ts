import type { MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { isAsked, type PackageQuestion, packageQuestion, questionKeys } from '../package-question.ts'

/** What to do about a server by its contract. `drain`: begin nothing new, let what runs come to its end. */
export type ContractAnswer = 'ok' | 'drain' | 'refuse' | 'unknown'

/** One reason why it is not plainly ok. */
export interface ContractReason {
  answer: Exclude<ContractAnswer, 'ok'>
  code:
    | 'end-of-life'
    | 'version-not-supported'
    | 'control-broken'
    | 'publisher-says-no'
    | 'in-window'
    | 'window-soon'
    | 'being-changed'
    | 'change-soon'
    | 'expired'
    | 'not-yet'
    | 'not-real'
    | 'publisher-does-not-know'
    | 'control-not-known'
    | 'nothing-proven'
    | 'support-not-stated'
  says: string
}

/** New work that is begun this long before a window would be cut off. */
const leadMs = 10 * 60_000
const clockSkewMs = 5 * 60_000

/**
 * What a contract says now, about the version that is used here where it is known. It is to be called with what verified: who signed is not
 * looked at. A contract that is over says nothing, not even what it said before.
 */
export function judgeContract(
  { subject: [subject], predicate }: MaintenanceStatement,
  now: string,
  version: string | null,
): { answer: ContractAnswer; reasons: ContractReason[] } {
  const fresh = freshness(predicate, now)
  const reasons =
    fresh === null
      ? [
          ...(predicate.endOfLife !== null && predicate.endOfLife <= now.slice(0, 10)
            ? [refuse('end-of-life', `Nobody looks after it since ${predicate.endOfLife}.`)]
            : []),
          ...support(predicate, subject?.uri ?? '', version),
          ...ofControls(predicate),
          ...ofPublisher(predicate),
          ...ofTimes(predicate, now),
        ]
      : [fresh]
  return { answer: worstAnswer(reasons.map(({ answer }) => answer)), reasons }
}

/** The answer for several reasons: refuse before drain before unknown before ok. */
export function worstAnswer(answers: readonly ContractAnswer[]): ContractAnswer {
  return (['refuse', 'drain', 'unknown'] as const).find((one) => answers.includes(one)) ?? 'ok'
}

type Predicate = MaintenanceStatement['predicate']

function freshness({ issuedAt, validUntil, stamps }: Predicate, now: string): ContractReason | null {
  if (stamps.length > 0) return unknown('not-real', `It is no real contract: ${stamps.join(', ')}.`)
  if (validUntil <= now) return unknown('expired', `It ended at ${validUntil}: a newer one is needed.`)
  if (Date.parse(issuedAt) > Date.parse(now) + clockSkewMs)
    return unknown('not-yet', `It is from ${issuedAt}, and that is to come: a clock is wrong.`)
  return null
}

function support({ versions }: Predicate, uri: string, version: string | null): ContractReason[] {
  if (version === null) return []
  const { supported } = versions
  if (supported === null)
    return [unknown('support-not-stated', `Which versions get fixes is not stated, and ${version} is used.`)]
  const question: PackageQuestion = packageQuestion(uri) ?? { ecosystems: ['npm'], name: uri, range: null }
  const [key = ''] = questionKeys(question)
  const answers = supported.map((range) => isAsked({ ...question, range }, key, version))
  if (answers.includes('yes')) return []
  if (answers.includes('unknown'))
    return [unknown('support-not-stated', `Whether ${version} is among ${supported.join(', ')} cannot be told.`)]
  return [refuse('version-not-supported', `${version} gets no fixes: only ${supported.join(', ')} does.`)]
}

function ofControls({ controls, notProven }: Predicate): ContractReason[] {
  const named = (verdict: string) =>
    controls.filter((one) => one.verdict === verdict).map(({ names, probe }) => names.join(', ') || probe)
  const [broken, open] = [named('fail'), named('unknown')]
  return [
    ...(broken.length > 0 ? [refuse('control-broken', `Attacks on it worked: ${listed(broken)}.`)] : []),
    ...(open.length > 0 ? [unknown('control-not-known', `Not known whether they hold: ${listed(open)}.`)] : []),
    ...(controls.some(({ verdict }) => verdict !== 'not-applicable')
      ? []
      : [unknown('nothing-proven', `Nothing was proven of its controls: ${notProven ?? 'none applies'}.`)]),
  ]
}

/** Only where it is being changed and nothing else is the reason does it suffice to wait. */
function ofPublisher({ server: { use, reasons } }: Predicate): ContractReason[] {
  if (use === 'yes') return []
  const why = reasons.length === 0 ? 'no reason is given' : listed(reasons)
  if (use === 'unknown')
    return [unknown('publisher-does-not-know', `Its publisher does not know whether it may be used: ${why}.`)]
  if (reasons.length > 0 && reasons.every((code) => code === 'being-changed'))
    return [drain('being-changed', 'It is being changed right now.')]
  return [refuse('publisher-says-no', `Its publisher says that it may not be used: ${why}.`)]
}

function ofTimes({ windows, changes }: Predicate, now: string): ContractReason[] {
  const soon = new Date(Date.parse(now) + leadMs).toISOString()
  const inWindows = windows.flatMap(({ name, next }) => {
    const open = next.find(({ from, until }) => from <= soon && until > now)
    if (open === undefined) return []
    const says = `Window "${name}", ${open.from} to ${open.until}: it may be changed and restarted.`
    return [drain(open.from <= now ? 'in-window' : 'window-soon', says)]
  })
  const inChanges = changes.flatMap(({ state, title, from, until }) => {
    if (state === 'under-way') return [drain('being-changed', `It is being changed: ${title}`)]
    if (from === null || from > soon || (until !== null && until <= now)) return []
    return [drain(from <= now ? 'being-changed' : 'change-soon', `To be changed from ${from}: ${title}`)]
  })
  return [...inWindows, ...inChanges]
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join('; ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

function refuse(code: ContractReason['code'], says: string): ContractReason {
  return { answer: 'refuse', code, says }
}

function drain(code: ContractReason['code'], says: string): ContractReason {
  return { answer: 'drain', code, says }
}

function unknown(code: ContractReason['code'], says: string): ContractReason {
  return { answer: 'unknown', code, says }
}
