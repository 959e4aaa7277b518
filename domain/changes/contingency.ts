import type { ChangeStep } from '@upkeep/contract/change-step'
import type { Person } from '@upkeep/contract/person'
import type { Instant } from '@upkeep/contract/time'
import { stampOf } from '../distance.ts'
import type { ChangeState } from './change-state.ts'
import { rehearsal } from './completeness.ts'
import { touchedServers } from './touched-servers.ts'

type Check = Extract<ChangeStep, { is: 'go-no-go' }>['checks'][number]

/** How long a change may take that has no window: longer means that something is wrong. */
const budgetMinutes = 30

/** What has to be there before a change is made, and by when it has to be done: within half an hour, and before its window shuts. */
export function contingencyOf(
  state: ChangeState,
  { people, now }: { people: readonly Person[]; now: Instant },
): { checks: Check[]; until: Instant } {
  const budget = new Date(Date.parse(now) + budgetMinutes * 60_000).toISOString()
  const shuts = state.window?.until ?? null
  const until = shuts !== null && shuts > now && shuts < budget ? shuts : budget
  return { checks: [approversKnown(state, people), wayBackWalked(state)], until }
}

function approversKnown({ approvals }: ChangeState, people: readonly Person[]): Check {
  const name = 'who approved it can be asked'
  if (people.length === 0) return { name, state: 'not-known', detail: 'nobody is named in upkeep.yaml' }
  const known = new Set(people.map(({ id }) => id))
  const stranger = approvals.find(({ signer }) => !known.has(signer.person))
  if (stranger === undefined)
    return { name, state: 'met', detail: approvals.map(({ signer }) => signer.person).join(', ') }
  return { name, state: 'missing', detail: `${stranger.signer.person} is not named in upkeep.yaml` }
}

function wayBackWalked({ tests }: ChangeState): Check {
  const walked = tests?.find(({ name }) => name === rehearsal)
  const name = 'the way back was walked on copies'
  if (walked === undefined) return { name, state: 'not-known', detail: 'no such test was run' }
  const state = walked.outcome === 'passed' ? 'met' : walked.outcome === 'failed' ? 'missing' : 'not-known'
  return { name, state, detail: walked.detail.slice(0, 1_000) }
}

/** The plan for when it goes wrong, drawn from the change and nothing else: Markdown, to be printed for the night. */
export function contingencyMarkdown(state: ChangeState, people: readonly Person[]): string {
  const { plan, id, approvals, requester, decision, window } = state
  const named = [...new Set([requester.person, ...approvals.map(({ signer }) => signer.person)])]
  const whoOf = (person: string) => people.find((one) => one.id === person)?.name ?? person
  const servers = touchedServers(plan)
  const budget = window?.until ?? null
  return [
    '## If it goes wrong',
    '',
    `- Servers: ${servers.length === 0 ? 'none, only files' : servers.join(', ')}`,
    `- People: ${named.map(whoOf).join(', ')}`,
    `- Time: ${budgetMinutes} minutes${budget === null ? '' : `, and not beyond ${stampOf(budget)}`}; then it takes itself back`,
    '',
    '| step | if it fails |',
    '|---|---|',
    '| before the first write | nothing was written: give it up, or plan it again |',
    ...plan.effects.map(
      ({ path }, index) =>
        `| write ${cell(path)} | ${index === 0 ? 'nothing stands' : `${index} before it ${index === 1 ? 'is' : 'are'} taken back`}, to the very bytes |`,
    ),
    `| looking again | upkeep undo ${id} |`,
    `| the machine stops | files are all old or all new; upkeep fix --change ${id} goes on or takes it back |`,
    ...(plan.irreversible.length === 0
      ? []
      : ['', 'Cannot be taken back:', ...plan.irreversible.map((line) => `- ${line}`)]),
    ...(decision === null
      ? []
      : [
          '',
          `Decided: ${decision.go ? 'go' : 'no-go'}`,
          ...decision.checks.map(
            ({ name, state: met, detail }) => `- ${name}: ${met}${detail === '' ? '' : ` (${detail})`}`,
          ),
        ]),
    '',
  ].join('\n')
}

/** A cell of a table, whatever the name of a file holds. */
function cell(text: string): string {
  return text.replaceAll(/[|\r\n`]/g, '?')
}
