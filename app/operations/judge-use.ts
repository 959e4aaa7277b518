import type { StatedFinding } from '@upkeep/contract'
import type { Verdict } from '@upkeep/contract/verdict'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import type { ContractReason } from '@upkeep/domain/maintenance/judge-contract'
import { z } from 'zod'

export const UseAnswer = z.enum(['yes', 'no', 'unknown'])
export type UseAnswer = z.infer<typeof UseAnswer>

/** One reason why a server may not be used now, or why that is not known. */
export const UseReason = z.strictObject({
  answer: UseAnswer.exclude(['yes']),
  code: z.enum([
    'switched-off',
    'critical-finding',
    'drift',
    'emergency',
    'being-changed',
    'not-approved',
    'not-judged',
    'looked-too-long-ago',
    'never-looked',
    'not-seen',
    'contract-refuse',
    'contract-drain',
    'contract-unknown',
  ]),
  says: z.string(),
  /** The finding by its fingerprint, or the change by its id; null where it is about neither. */
  about: z.string().nullable(),
})
export type UseReason = z.infer<typeof UseReason>

/** The duties without which nothing says yes: is it what was approved, and is anything known against it. */
export const decidingDuties = ['configuration-drift-detection', 'vulnerability-scanning'] as const

/** How the latest look of one deciding duty left a server. */
export interface DecidingLook {
  readonly duty: string
  /** When it looked last; null: never, or not adopted. */
  readonly lookedAt: string | null
  /** Whether it is to look again by now. */
  readonly due: boolean
  readonly verdict: Verdict | null
}

/** What the answer for one server rests on. */
export interface UseGrounds {
  readonly server: { readonly id: string; readonly name: string; readonly path: string; readonly disabled: boolean }
  /** Open findings that nobody accepted. */
  readonly findings: readonly StatedFinding[]
  readonly changes: readonly ChangeState[]
  readonly looks: readonly DecidingLook[]
  /** What the maintenance contracts that count for it say. */
  readonly contracts: readonly ContractReason[]
}

/** Whether a server may be used now. Yes takes that everything which decides was looked at and nothing stands against it. */
export function judgeUse(grounds: UseGrounds): { answer: UseAnswer; reasons: UseReason[] } {
  const reasons = [
    ...(grounds.server.disabled ? [no('switched-off', 'It is switched off in the file of its client.', null)] : []),
    ...grounds.changes.flatMap((change) => ofChange(change, grounds.server)),
    ...grounds.findings.flatMap((finding) => ofFinding(finding, grounds.server)),
    ...grounds.looks.flatMap(ofLook),
    ...grounds.contracts.map(ofContract),
  ]
  return { answer: worst(reasons.map(({ answer }) => answer)), reasons }
}

/** The answer for several: no before unknown before yes. */
export function worst(answers: readonly UseAnswer[]): UseAnswer {
  if (answers.includes('no')) return 'no'
  return answers.includes('unknown') ? 'unknown' : 'yes'
}

function ofChange(state: ChangeState, { id, name }: UseGrounds['server']): UseReason[] {
  if (state.phase === 'closed') return []
  const { emergency, plan } = state
  const affected = emergency?.affected.some((one) => one.server === id && one.until === null) === true
  const touched = touchedServers(plan).includes(name)
  if (emergency !== null && (affected || touched))
    return [no('emergency', `An emergency is under way: ${plan.title}`, state.id)]
  const moving = state.phase === 'applying' || state.phase === 'undoing'
  return touched && moving ? [no('being-changed', `It is being changed right now: ${plan.title}`, state.id)] : []
}

function ofFinding(finding: StatedFinding, { id, path }: UseGrounds['server']): UseReason[] {
  const { subject, severity, duty, rule, title, fingerprint } = finding
  if (subject.id !== id && subject.id !== `file:${path}`) return []
  if (rule === 'server-not-approved') return [unknown('not-approved', `${title}.`, fingerprint)]
  if (duty === 'configuration-drift-detection') return [no('drift', `${title}.`, fingerprint)]
  return severity === 'critical' ? [no('critical-finding', `${title}.`, fingerprint)] : []
}

function ofLook({ duty, lookedAt, due, verdict }: DecidingLook): UseReason[] {
  if (lookedAt === null || verdict === null) return [unknown('never-looked', `${duty} never looked at it.`, null)]
  return [
    ...(due ? [unknown('looked-too-long-ago', `${duty} is due again: it looked last on ${lookedAt}.`, null)] : []),
    ...verdict.unknowns.slice(0, 20).map((reason) => unknown('not-judged', `${duty}: ${reason}`, null)),
    ...(verdict.verdict === 'not-applicable' && verdict.notApplicable !== null
      ? [unknown('not-judged', `${duty}: ${verdict.notApplicable}`, null)]
      : []),
  ]
}

function ofContract({ answer, says }: ContractReason): UseReason {
  const said = `Its maintenance contract: ${says}`
  return answer === 'unknown' ? unknown('contract-unknown', said, null) : no(`contract-${answer}`, said, null)
}

function no(code: UseReason['code'], says: string, about: string | null): UseReason {
  return { answer: 'no', code, says, about }
}

function unknown(code: UseReason['code'], says: string, about: string | null): UseReason {
  return { answer: 'unknown', code, says, about }
}
