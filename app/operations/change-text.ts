import type { ChangePlan } from '@upkeep/contract'
import { defaultPolicies, isAlone, policyFor } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { ago, dayOf } from '@upkeep/domain/distance'
import { counted, plain, type TerminalStyle, type Tone } from '@upkeep/engine/report/paint'
import { layRows, type Row } from '@upkeep/engine/report/rows'
import type { Context } from './context.ts'

const maxShown = 60

/** A plan for the person who shall approve it: what will be written, what is not known, and how to undo it. */
export function planText(plan: ChangePlan, style: TerminalStyle): string {
  const shown = plan.effects.flatMap((effect) => [effect.path, ...effect.shown.map((line) => `  ${line}`), ''])
  const cut =
    shown.length > maxShown ? [...shown.slice(0, maxShown), `… ${shown.length - maxShown} lines more`, ''] : shown
  return [
    plan.title,
    '',
    ...cut,
    ...bullets('what it does', plan.summary),
    ...bullets('mind', plan.limits),
    ...bullets('cannot be undone', plan.irreversible),
    `${'closes'.padEnd(18)}${plan.closes.length === 0 ? 'no finding' : counted(plan.closes.length, 'finding')}, once they are seen to be closed`,
    `${'undo'.padEnd(18)}upkeep undo ${plan.change}${plan.irreversible.length === 0 ? ': the very same bytes' : ', as far as it goes'}`,
    '',
  ]
    .map((line) => plain(style, line, 2_000))
    .join('\n')
}

function bullets(head: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? head : '').padEnd(18)}${line}`)
}

/** What a change is, in two words. */
export function standingOf(state: ChangeState, held: string | null): { label: string; tone: Tone } {
  if (state.phase === 'closed') {
    if (state.outcome === 'done') return { label: 'done', tone: 'green' }
    return state.outcome === 'abandoned'
      ? { label: 'given up', tone: 'dim' }
      : { label: state.outcome ?? '', tone: 'yellow' }
  }
  if (state.phase === 'proposed')
    return held === null ? { label: 'ready', tone: 'cyan' } : { label: 'waits', tone: 'yellow' }
  return state.phase === 'applied' ? { label: 'in force soon', tone: 'yellow' } : { label: 'interrupted', tone: 'red' }
}

/** A change as one row. */
export function changeRow(state: ChangeState, held: string | null, at: string): Row {
  const { label, tone } = standingOf(state, held)
  const files = counted(state.plan.effects.length, 'file')
  return {
    label,
    tone,
    name: state.id.slice(0, 13),
    lines: [
      state.plan.title,
      `${files}, asked for by ${state.requester.person} ${ago(state.proposedAt, at)}`,
      ...(held === null || state.phase !== 'proposed' ? [] : [held]),
      ...(state.sighting?.pending ?? []),
      ...(state.phase === 'closed' && state.closing !== null && state.closing !== '' ? [state.closing] : []),
    ],
    command: commandFor(state, held, at),
  }
}

function commandFor(state: ChangeState, held: string | null, at: string): string | null {
  if (state.phase === 'closed') return state.done.size > 0 ? `upkeep undo ${state.id}` : null
  // What waits for its time was approved: going on with it then is all that is left to do.
  const isScheduled = state.window !== null && state.window.from > at
  if (state.phase === 'proposed' && held !== null && !isScheduled) return `upkeep approve ${state.id}`
  return `upkeep fix --change ${state.id}`
}

/** What was done, for whoever asked for it. */
export function outcomeText(state: ChangeState, style: TerminalStyle, at: string, held: string | null = null): string {
  const waits = held === null ? [] : [`It is not made yet: ${held}`]
  return `${layRows([{ ...changeRow(state, held, at), lines: [...outcomeLines(state), ...waits] }], style).join('\n')}\n`
}

function outcomeLines(state: ChangeState): string[] {
  const { sighting, plan } = state
  const closed = sighting?.findings.filter((one) => one.state === 'resolved').length ?? 0
  const seen = sighting === null ? [] : [`${closed} of ${plan.closes.length} findings are seen to be closed`]
  const left = [...state.left].map(
    ([index, why]) => `${plan.effects[index]?.path ?? ''} could not be taken back: ${why}`,
  )
  return [plan.title, ...(plan.closes.length === 0 ? [] : seen), ...(sighting?.pending ?? []), ...left]
}

/** How an approval of this very person at this very door counts, said before it is given. */
export function presenceWords(
  { people, signer, upkeepFile }: Pick<Context, 'people' | 'signer' | 'upkeepFile'>,
  state: ChangeState,
  hasKey: boolean,
): string[] {
  const policy = policyFor(state, upkeepFile.policies ?? defaultPolicies)
  return [
    `You are ${signer.person}; ${hasKey ? 'you sign with your key' : 'presence not proven'}.`,
    ...(isAlone(people) && state.requester.person === signer.person
      ? ['You asked for it yourself: separation of duties is not met, and the record says so.']
      : []),
    ...(policy.presence && !hasKey
      ? [`By the policy "${policy.name}" it takes a signature with a key of yours: --key <file>.`]
      : []),
  ]
}

/** When an approval ends. */
export function untilWords(until: string): string {
  return `it holds until ${dayOf(until)}`
}
