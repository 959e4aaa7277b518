import type { Finding } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import { stampOf } from '@upkeep/domain/distance'
import { layRows } from '@upkeep/engine/report/rows'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import { knownChanges } from '../calendar-grounds.ts'
import { sinceAsked } from './days.ts'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const Event = z.strictObject({
  at: z.string(),
  kind: z.enum([
    'finding-opened',
    'finding-restated',
    'finding-resolved',
    'accepted',
    'approved-state',
    'change-proposed',
    'change-made',
    'change-closed',
    'emergency',
  ]),
  /** What it is about, by name. */
  names: z.array(z.string()),
  says: z.string(),
  /** The record: a fingerprint, or the id of the change, acceptance or approved state. */
  about: z.string(),
})
type Event = z.infer<typeof Event>

const shown = 200

/** What is other than it was, since a day. */
export const whatChanged = defineOperation({
  id: 'what-changed',
  summary: 'what changed since a day: findings, changes, approved states, acceptances',
  effect: 'read',
  role: 'viewer',
  pages: 'events',
  input: z.strictObject({
    since: z
      .string()
      .max(20)
      .default('7d')
      .meta({ description: 'A day such as 2026-10-01, or a distance such as 7d', valueName: 'day' }),
    server: z.string().min(1).max(500).optional().describe('Only of this server or file, by its name'),
  }),
  output: z.strictObject({ since: z.string(), until: z.string(), events: z.array(Event) }),
  cli: {
    verb: 'what-changed',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep what-changed', says: 'in the last seven days' },
      { command: 'upkeep what-changed fs --since 2026-10-01', says: 'of one server, since a day' },
    ],
  },
  async run(context, { since, server }) {
    const store = await requireStore(context)
    const until = context.clock.now()
    const from = sinceAsked(since, until)
    const events = (await allEvents(store))
      .filter(({ at, names }) => at >= from && (server === undefined || names.includes(server)))
      .sort((one, other) => (one.at === other.at ? 0 : one.at < other.at ? 1 : -1))
    return {
      output: { since: from, until, events },
      text: (style) => {
        if (events.length === 0) return `Nothing changed since ${stampOf(from)}, as far as was looked.\n`
        const rows = events.slice(0, shown).map(({ at, kind, names, says }) => ({
          label: kind,
          tone: 'cyan' as const,
          name: names.slice(0, 5).join(', '),
          lines: [says, stampOf(at)],
          command: null,
        }))
        const left = events.length - rows.length
        const more = left > 0 ? `${left} more are not shown: upkeep what-changed --csv shows all\n` : ''
        return `${layRows(rows, style).join('\n')}\n${more}`
      },
      ...(context.printed && { table: tableOf(events) }),
    }
  },
})

function tableOf(events: readonly Event[]) {
  return {
    columns: ['at', 'kind', 'names', 'says', 'about'],
    rows: events.map(({ at, kind, names, says, about }) => [at, kind, names.join(' '), says, about]),
  }
}

async function allEvents(store: Store): Promise<Event[]> {
  const findings = await store.findings.current()
  const named = new Map(findings.map(({ statement }) => [statement.fingerprint, statement]))
  const accepted = (await store.acceptances.list()).map(({ at, id, until, withdraws, fingerprint }): Event => {
    const statement = named.get(fingerprint)
    const what = statement?.title ?? fingerprint.slice(0, 12)
    const says = withdraws === null ? `Accepted until ${until.slice(0, 10)}: ${what}` : `No longer accepted: ${what}`
    return { at, kind: 'accepted', names: statement === undefined ? [] : [statement.subject.name], says, about: id }
  })
  const approved = (await store.baselines.list()).map(({ at, id, servers, signer }): Event => {
    const names = [...new Set(servers.map(({ subject }) => subject.name))]
    return { at, kind: 'approved-state', names, says: `Its state was approved by ${signer.person}.`, about: id }
  })
  const changes = (await knownChanges(store)).flatMap(ofChange)
  return [...findings.flatMap(ofFinding), ...accepted, ...approved, ...changes]
}

/** How it was opened, and what became of it last: what lay between is in its history. */
function ofFinding({ at, state, firstSeenAt, statement }: Finding): Event[] {
  const { subject, summary, fingerprint } = statement
  const one = { names: [subject.name], says: summary, about: fingerprint }
  const opened: Event = { ...one, at: firstSeenAt, kind: 'finding-opened' }
  if (state === 'resolved') return [opened, { ...one, at, kind: 'finding-resolved' }]
  if (state === 'reopened') return [opened, { ...one, at, kind: 'finding-opened' }]
  return at === firstSeenAt ? [opened] : [opened, { ...one, at, kind: 'finding-restated' }]
}

function ofChange({ id, plan, steps }: ChangeState): Event[] {
  const one = { names: touchedServers(plan), about: id }
  return steps.flatMap((step): Event[] => {
    const { at } = step
    if (step.is === 'proposed') return [{ ...one, at, kind: 'change-proposed', says: `Proposed: ${plan.title}` }]
    if (step.is === 'emergency') return [{ ...one, at, kind: 'emergency', says: `Emergency: ${plan.title}` }]
    if (step.is === 'applied') return [{ ...one, at, kind: 'change-made', says: `Made: ${plan.title}` }]
    if (step.is === 'closed')
      return [{ ...one, at, kind: 'change-closed', says: `Closed (${step.outcome}): ${plan.title}` }]
    return []
  })
}
