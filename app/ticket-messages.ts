import type { ChangeStep } from '@upkeep/contract'
import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import type { TicketMessage, TicketMove } from '@upkeep/contract/ticket'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import { stepWords } from './operations/change-timeline.ts'

/** The steps of a change that its ticket is told of. What was told is no step that is told. */
export function stepsToTell({ steps }: Pick<ChangeState, 'steps'>): readonly ChangeStep[] {
  return steps.filter(({ is }) => is !== 'notified')
}

const told = new Set<ChangeStep['is']>([
  'approved',
  'approval-withdrawn',
  'scheduled',
  'applying',
  'applied',
  'undoing',
  'closed',
])

/** What the ticket of a change is made of: the impact sheet, how its tests went, what happened so far, and what no ticket can do. */
export function openingMessage(
  state: ChangeState,
  { sheet, owners, due }: { sheet: ImpactSheet | null; owners: readonly string[]; due: string | null },
): TicketMessage {
  const { plan, tests, assessment, emergency } = state
  const servers = touchedServers(plan)
  const facts = [
    `change: ${state.id}`,
    `class: ${plan.class}`,
    ...(assessment === null ? [] : [`risk: ${assessment.risk}`]),
    `asked for by: ${state.requester.person}${state.reason === null ? '' : `, ${state.reason}`}`,
    ...(servers.length === 0 ? [] : [`servers: ${servers.join(', ')}`]),
    ...(owners.length === 0 ? [] : [`answered for by: ${owners.join(', ')}`]),
    ...(due === null ? [] : [`due: ${due}`]),
  ]
  const steps = stepsToTell(state)
  const sections = [
    { heading: '', lines: facts },
    section('What it does', plan.summary),
    section('What it means', sheet === null ? [] : [sheet.inWords, ...sheet.why]),
    section('Not known', sheet?.unknown ?? []),
    section('Mind', plan.limits),
    section('Cannot be undone', plan.irreversible),
    section(
      'Tests',
      (tests ?? []).map(({ name, outcome, detail }) => `${outcome}: ${name}${detail === '' ? '' : ` (${detail})`}`),
    ),
    section('So far', linesOf(steps, state)),
    {
      heading: 'Decisions are made in upkeep',
      lines: [
        'Nothing in this ticket approves the change, and closing it closes no change and no finding.',
        `See it: upkeep changes ${state.id}`,
        `Decide: upkeep approve ${state.id}`,
      ],
    },
  ].flatMap((one) => one ?? [])
  const title = `${emergency?.rehearsal === true ? 'REHEARSAL: ' : ''}${emergency === null ? '' : 'Emergency: '}${plan.title}`
  return { change: state.id, is: 'opened', title, sections, since: state.proposedAt, due, move: moveOf(steps) }
}

/** A comment on the steps that the ticket was not told of yet; null where there is nothing that it is told. */
export function noteMessage(state: ChangeState, steps: readonly ChangeStep[]): TicketMessage | null {
  const lines = linesOf(steps, state)
  if (lines.length === 0) return null
  const { id, plan, proposedAt } = state
  const sections = [{ heading: '', lines }]
  return { change: id, is: 'note', title: plan.title, sections, since: proposedAt, due: null, move: moveOf(steps) }
}

function section(heading: string, lines: readonly string[]): TicketMessage['sections'][number] | null {
  return lines.length === 0 ? null : { heading, lines: [...lines] }
}

function linesOf(steps: readonly ChangeStep[], state: ChangeState): string[] {
  return steps
    .filter(({ is }) => told.has(is))
    .map((step) => `${step.at.slice(0, 16).replace('T', ' ')} UTC  ${stepWords(step, state)}`)
}

/** Where the last of these steps leads the ticket. */
function moveOf(steps: readonly ChangeStep[]): TicketMove {
  const last = steps.findLast(({ is }) => is === 'applying' || is === 'undoing' || is === 'closed')
  if (last === undefined) return 'stay'
  if (last.is !== 'closed') return 'begun'
  return last.outcome === 'done' ? 'done' : 'dropped'
}
