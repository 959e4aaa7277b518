import type { Observation } from '@upkeep/contract'
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

/** Who and what is there now, to be held against what a plan names. */
export interface Estate {
  readonly people: readonly Person[]
  /** Every entry that some client declares; null where nobody could look. */
  readonly declared: readonly { path: string; name: string }[] | null
}

/** The entries among what was seen; null where a file of a client could not be read: what is in it nobody knows. */
export function declaredAmong(seen: readonly Observation[]): Estate['declared'] {
  if (seen.some(({ state }) => state === 'unavailable')) return null
  return seen.flatMap((one) => (one.kind === 'declared-server' && one.state === 'seen' ? [one.facts] : []))
}

/** What has to be there before a change is made, and by when it has to be done: within half an hour, and before its window shuts. */
export function contingencyOf(
  state: ChangeState,
  { people, declared, now }: Estate & { now: Instant },
): { checks: Check[]; until: Instant } {
  const budget = new Date(Date.parse(now) + budgetMinutes * 60_000).toISOString()
  const shuts = state.window?.until ?? null
  const until = shuts !== null && shuts > now && shuts < budget ? shuts : budget
  return { checks: [approversKnown(state, people), wayBackWalked(state), serversThere(state, declared)], until }
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

/** The entries that a change was planned on and that no file has any more. One that it adds has to be there afterwards. */
function goneServers({ plan }: ChangeState, declared: readonly { path: string; name: string }[]): string[] {
  const there = new Set(declared.map(({ path, name }) => JSON.stringify([path, name])))
  const planned = (plan.entries ?? []).filter(({ kind }) => kind !== 'added')
  const gone = planned.filter(({ path, server }) => !there.has(JSON.stringify([path, server])))
  return [...new Set(gone.map(({ server }) => server))].sort()
}

function serversThere(state: ChangeState, declared: Estate['declared']): Check {
  const name = 'every server of it is there'
  if (declared === null) return { name, state: 'not-known', detail: 'the files of the clients could not be read' }
  if (state.plan.entries === undefined)
    return { name, state: 'not-known', detail: 'its plan names no entry of a client' }
  const gone = goneServers(state, declared)
  if (gone.length > 0) return { name, state: 'missing', detail: `no client declares ${gone.join(', ')} any more` }
  return { name, state: 'met', detail: touchedServers(state.plan).join(', ') }
}

function wayBackWalked({ tests }: ChangeState): Check {
  const walked = tests?.find(({ name }) => name === rehearsal)
  const name = 'the way back was walked on copies'
  if (walked === undefined) return { name, state: 'not-known', detail: 'no such test was run' }
  const state = walked.outcome === 'passed' ? 'met' : walked.outcome === 'failed' ? 'missing' : 'not-known'
  return { name, state, detail: walked.detail.slice(0, 1_000) }
}

/** The plan for when it goes wrong, drawn from the change and nothing else: Markdown, to be printed for the night. */
export function contingencyMarkdown(state: ChangeState, { people, declared }: Estate): string {
  const { plan, id, decision, window } = state
  const gone = declared === null ? [] : goneServers(state, declared)
  const servers = touchedServers(plan).filter((server) => !gone.includes(server))
  const budget = window?.until ?? null
  return [
    '## If it goes wrong',
    '',
    `- Servers: ${servers.length === 0 ? 'none, only files' : servers.join(', ')}`,
    ...(gone.length === 0 ? [] : [`- No longer there, so plan it again: ${gone.join(', ')}`]),
    ...(declared === null ? ['- Whether these servers are still there could not be looked at'] : []),
    ...peopleLines(state, people),
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
    `| the machine stops | files are all old or all new, an entry of a gateway or a secret in a store is looked at again; upkeep fix --change ${id} goes on or takes it back |`,
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

/** Only who is named in upkeep.yaml can be asked at night; where nobody is, the one person of this machine. */
function peopleLines({ requester, approvals }: ChangeState, people: readonly Person[]): string[] {
  const ids = [...new Set([requester.person, ...approvals.map(({ signer }) => signer.person)])]
  if (people.length === 0) return [`- People: ${ids.join(', ')} (nobody is named in upkeep.yaml)`]
  const humans = people.filter(({ agent }) => agent !== true)
  const known = humans.filter(({ id }) => ids.includes(id))
  const others = humans.filter(
    ({ id, roles }) => !ids.includes(id) && (roles.includes('approver') || roles.includes('admin')),
  )
  const strangers = ids.filter((id) => !humans.some((one) => one.id === id))
  const names = (some: readonly Person[]) => some.map(({ name }) => name).join(', ')
  return [
    `- People: ${known.length === 0 ? 'nobody of those who asked for it or approved it' : names(known)}`,
    ...(others.length === 0 ? [] : [`- Else: ${names(others)}`]),
    ...(strangers.length === 0
      ? []
      : [`- Not to be asked, as upkeep.yaml names no such person: ${strangers.join(', ')}`]),
  ]
}

/** A cell of a table, whatever the name of a file holds. */
function cell(text: string): string {
  return text.replaceAll(/[|\r\n`]/g, '?')
}
