import type { ApprovalPolicy, ChangePlan } from '@upkeep/contract'
import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { isAlone } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { effectWords } from '@upkeep/domain/changes/effect-words'
import { ago, dayOf } from '@upkeep/domain/distance'
import { plain, type TerminalStyle, type Tone } from '@upkeep/engine/report/paint'
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
    ...(plan.costs === undefined
      ? []
      : bullets('costs', [`${plan.costs.amount} ${plan.costs.currency}, as whoever asks says`])),
    `${'closes'.padEnd(18)}${closesWords(plan.closes.length)}`,
    `${'undo'.padEnd(18)}upkeep undo ${plan.change}${plan.irreversible.length === 0 ? ': the very same bytes' : ', as far as it goes'}`,
    '',
  ]
    .map((line) => plain(style, line, 2_000))
    .join('\n')
}

function bullets(head: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? head : '').padEnd(18)}${line}`)
}

/** What a change means and how its tests went, in five lines, for whoever shall approve it. */
export function sheetText(sheet: ImpactSheet | null, tests: ChangeState['tests'], style: TerminalStyle): string {
  const of = (outcome: string) => (tests ?? []).filter((one) => one.outcome === outcome)
  const [failed, passed, open] = [of('failed'), of('passed'), of('not-run')]
  const named = (list: typeof failed) => list.map(({ name, detail }) => `${name} (${detail})`).join('; ')
  const lines = [
    ...(sheet === null
      ? []
      : [
          `${'risk'.padEnd(18)}${sheet.risk}: ${sheet.why.join('; ')}`,
          `${'what it means'.padEnd(18)}${sheet.inWords}`,
        ]),
    `${'tests'.padEnd(18)}${passed.length} passed, ${failed.length} failed, ${open.length} not run`,
    ...(failed.length > 0 ? [`${'failed'.padEnd(18)}${named(failed)}`] : []),
    ...(open.length > 0 ? [`${'not run'.padEnd(18)}${named(open)}`] : []),
  ]
  return `${lines.map((line) => plain(style, line, 1_500)).join('\n')}\n`
}

/** Each test with what it came to. */
export function testsText(tests: ChangeState['tests'], style: TerminalStyle): string {
  const rows = (tests ?? []).map(({ name, outcome, detail }) => ({
    label: outcome,
    tone: outcome === 'passed' ? ('green' as const) : outcome === 'failed' ? ('red' as const) : ('yellow' as const),
    name,
    lines: [detail],
    command: null,
  }))
  return rows.length === 0 ? '' : `${layRows(rows, style).join('\n')}\n`
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
  const files = effectWords(state.plan.effects)
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

function closesWords(count: number): string {
  if (count === 0) return 'no finding'
  return count === 1 ? '1 finding, once it is seen to be closed' : `${count} findings, once they are seen to be closed`
}

function closedWords(closed: number, all: number): string[] {
  if (all === 0) return []
  if (all > 1) return [`${closed} of ${all} findings are seen to be closed`]
  return [closed === 1 ? 'the finding is seen to be closed' : 'the finding is not closed by it']
}

/** What was done, for whoever asked for it. */
export function outcomeText(state: ChangeState, style: TerminalStyle, at: string, held: string | null = null): string {
  const waits = held === null ? [] : [`It is not made yet: ${held}`]
  return `${layRows([{ ...changeRow(state, held, at), lines: [...outcomeLines(state), ...waits] }], style).join('\n')}\n`
}

function outcomeLines(state: ChangeState): string[] {
  const { sighting, plan } = state
  const closed = sighting?.findings.filter((one) => one.state === 'resolved').length ?? 0
  const seen = sighting === null ? [] : closedWords(closed, plan.closes.length)
  const left = [...state.left].map(
    ([index, why]) => `${plan.effects[index]?.path ?? ''} could not be taken back: ${why}`,
  )
  const how = [...state.steps].flatMap((step) =>
    step.is === 'effect-undone' && step.how === 'ours-only'
      ? [`${plan.effects[step.index]?.path ?? ''}: ${step.detail}`]
      : [],
  )
  const back = state.outcome === 'rolled-back' || state.outcome === 'rolled-back-in-part'
  const closing = back && state.closing !== null ? [state.closing] : []
  const judged = plan.closes.length === 0 || back ? [] : seen
  const said = [...(sighting?.seen ?? []), ...(sighting?.pending ?? []), ...(sighting?.decide ?? [])]
  return [plan.title, ...judged, ...closing, ...how, ...said, ...left]
}

/** How an approval of this very person at this very door counts, said before it is given. */
export function presenceWords(
  { people, signer }: Pick<Context, 'people' | 'signer'>,
  state: ChangeState,
  { hasKey, asks, onBehalfOf }: { hasKey: boolean; asks: readonly ApprovalPolicy[]; onBehalfOf: string | null },
): string[] {
  const wanting = hasKey ? undefined : asks.find(({ presence }) => presence)
  return [
    `You are ${signer.person}; ${hasKey ? 'you sign with your key' : 'presence not proven'}.`,
    ...(onBehalfOf === null ? [] : [`You decide by the right of ${onBehalfOf}, who delegated it to you.`]),
    ...(isAlone(people) && state.requester.person === signer.person
      ? ['You asked for it yourself: separation of duties is not met, and the record says so.']
      : []),
    ...(wanting === undefined
      ? []
      : [`By the policy "${wanting.name}" it takes a signature with a key of yours: --key <file>.`]),
  ]
}

/** When an approval ends. */
export function untilWords(until: string): string {
  return `it holds until ${dayOf(until)}`
}
