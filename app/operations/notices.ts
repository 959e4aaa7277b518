import type { StatedFinding } from '@upkeep/contract'
import { windowOccurrences } from '@upkeep/domain/calendar/window-occurrences'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import { stampOf } from '@upkeep/domain/distance'
import { printable } from '@upkeep/domain/printable'
import { layRows } from '@upkeep/engine/report/rows'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import { knownChanges } from '../calendar-grounds.ts'
import { type ContractHere, contractsHere } from '../maintenance/contracts-here.ts'
import type { Context } from './context.ts'
import { standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'

const Notice = z.strictObject({
  kind: z.enum(['emergency', 'under-way', 'planned', 'freeze', 'window', 'end-of-life']),
  /** By their names; null: every server. */
  servers: z.array(z.string()).nullable(),
  /** From when on; null where no moment is set. */
  from: z.string().nullable(),
  until: z.string().nullable(),
  says: z.string(),
  /** The change by its id, or the finding by its fingerprint. */
  about: z.string().nullable(),
})
type Notice = z.infer<typeof Notice>

const order: Record<Notice['kind'], number> = {
  emergency: 0,
  'under-way': 1,
  planned: 2,
  freeze: 3,
  window: 4,
  'end-of-life': 5,
}
const tones = {
  emergency: 'red',
  'under-way': 'yellow',
  planned: 'cyan',
  freeze: 'yellow',
  window: 'green',
  'end-of-life': 'dim',
} as const
const shown = 200

/** What those who use the servers have to reckon with. */
export const notices = defineOperation({
  id: 'notices',
  summary: 'maintenance notices: what is changed now or soon, windows, freezes, and what comes to its end',
  effect: 'read',
  role: 'viewer',
  pages: 'notices',
  input: z.strictObject({
    server: z.string().min(1).max(500).optional().describe('Only what concerns this server, by its name'),
    days: z
      .int()
      .min(1)
      .max(366)
      .default(30)
      .meta({ description: 'How far ahead windows are shown', valueName: 'days' }),
  }),
  output: z.strictObject({ notices: z.array(Notice), notKnown: z.array(z.string()) }),
  cli: {
    verb: 'notices',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep notices', says: 'for everybody' },
      { command: 'upkeep notices fs', says: 'for whoever uses fs' },
    ],
  },
  async run(context, { server, days }) {
    const store = await context.existingStore()
    const all = [
      ...(store === null ? [] : (await knownChanges(store)).flatMap(ofChange)),
      ...ofCalendar(context, days),
      ...(store === null ? [] : await endings(context, store)),
      ...(store === null ? [] : (await contractsHere(context, store)).flatMap((one) => ofContract(one, context, days))),
    ]
    const concerns = all.filter(({ servers }) => server === undefined || servers === null || servers.includes(server))
    concerns.sort(
      (one, other) => order[one.kind] - order[other.kind] || (one.from ?? '').localeCompare(other.from ?? '', 'en'),
    )
    const output = { notices: concerns, notKnown: await notKnown(context, store) }
    return {
      output,
      text: (style) => {
        const rows = concerns.slice(0, shown).map(({ kind, servers, from, until, says }) => ({
          label: kind,
          tone: tones[kind],
          name: servers === null ? 'every server' : servers.join(', '),
          lines: [says, ...(from === null ? [] : [timeWords(from, until)])],
          command: null,
        }))
        const lines = rows.length === 0 ? ['No notice: nothing is planned, under way or set.'] : layRows(rows, style)
        const left = concerns.length - rows.length
        const more = left > 0 ? [`${left} more are not shown: upkeep notices --csv shows all`] : []
        return `${[...lines, ...more, ...output.notKnown].join('\n')}\n`
      },
      table: {
        columns: ['kind', 'servers', 'from', 'until', 'says', 'about'],
        rows: concerns.map(({ kind, servers, from, until, says, about }) => [
          kind,
          servers === null ? '*' : servers.join(' '),
          from,
          until,
          says,
          about,
        ]),
      },
    }
  },
})

function ofChange(state: ChangeState): Notice[] {
  const { id, plan, phase, window, emergency, lastAt, appliedAt } = state
  if (phase === 'closed') return []
  const affected = emergency?.affected.map(({ name }) => name) ?? []
  const one = { servers: [...new Set([...touchedServers(plan), ...affected])].sort(), about: id }
  if (emergency !== null)
    return [{ ...one, kind: 'emergency', from: state.proposedAt, until: null, says: `Emergency: ${plan.title}` }]
  if (phase === 'proposed')
    return window === null
      ? []
      : [{ ...one, kind: 'planned', from: window.from, until: window.until, says: `To be changed: ${plan.title}` }]
  const says = phase === 'applied' ? 'Changed, and watched until it is in force' : 'Being changed'
  return [{ ...one, kind: 'under-way', from: appliedAt ?? lastAt, until: null, says: `${says}: ${plan.title}` }]
}

function ofCalendar({ upkeepFile, clock }: Context, days: number): Notice[] {
  const now = clock.now()
  const end = new Date(Date.parse(now) + days * 86_400_000).toISOString()
  const windows = upkeepFile.windows.flatMap((window) =>
    windowOccurrences(window, now, end).map(
      ({ from, until }): Notice => ({
        kind: 'window',
        servers: window.servers ?? null,
        from,
        until,
        says: `Maintenance window "${window.name}": servers may be changed and restarted.`,
        about: null,
      }),
    ),
  )
  const freezes = upkeepFile.freezes.map(
    ({ from, until, why, servers }): Notice => ({
      kind: 'freeze',
      servers: servers ?? null,
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      says: `Nothing is changed: ${why}`,
      about: null,
    }),
  )
  return [...windows, ...freezes.filter((one) => one.until !== null && one.until > now)]
}

/** What others announce of the servers that are used here, in contracts that still say something. */
function ofContract({ contract, servers, reasons }: ContractHere, { clock }: Context, days: number): Notice[] {
  const now = clock.now()
  if (reasons.some(({ code }) => notSaying.has(code))) return []
  const end = new Date(Date.parse(now) + days * 86_400_000).toISOString()
  const { windows, changes, endOfLife, server } = contract.statement.predicate
  const here = [...new Set(servers.map(({ subject }) => subject.name))].sort()
  const one = { servers: here.length > 0 ? here : [printable(server.name)], about: null }
  const by = `by its maintenance contract`
  return [
    ...windows.flatMap(({ name, next }) =>
      next
        .filter(({ from, until }) => until > now && from < end)
        .map(({ from, until }): Notice => {
          const says = `Maintenance window "${printable(name)}" ${by}: it may be changed and restarted.`
          return { ...one, kind: 'window', from, until, says }
        }),
    ),
    ...changes.map(({ state, title, from, until }): Notice => {
      const [kind, word] =
        state === 'planned' ? (['planned', 'To be changed'] as const) : (['under-way', 'Being changed'] as const)
      return { ...one, kind, from, until, says: `${word} ${by}: ${printable(title)}` }
    }),
    ...(endOfLife === null
      ? []
      : [
          {
            ...one,
            kind: 'end-of-life' as const,
            from: endOfLife,
            until: null,
            says: `Nobody looks after it from then on, ${by}.`,
          },
        ]),
  ]
}

const notSaying: ReadonlySet<string> = new Set(['expired', 'not-yet', 'not-real'])

/** What nobody maintains any longer, and features with a day from which on they may be gone. Accepting it does not move that day. */
async function endings(context: Context, store: Store): Promise<Notice[]> {
  const standing = await standingFindings(store, context.clock.now())
  return standing.flatMap(({ finding: { state, statement } }) => {
    const from = removalDay(statement)
    const ends = from !== null || (statement.duty === 'dependency-management' && statement.rule === 'abandoned')
    if (state === 'resolved' || !ends) return []
    const { subject, summary, fingerprint } = statement
    return [{ kind: 'end-of-life', servers: [subject.name], from, until: null, says: summary, about: fingerprint }]
  })
}

function removalDay({ facts }: StatedFinding): string | null {
  return typeof facts.removableFrom === 'string' ? facts.removableFrom : null
}

const duties = ['dependency-management', 'api-security-updates']

/** Where these never looked, that nothing ends is not known. */
async function notKnown(context: Context, store: Store | null): Promise<string[]> {
  const looked = await Promise.all(duties.map(async (duty) => (await store?.runs.latestCompleted(duty)) ?? null))
  return duties.flatMap((duty, index) => {
    if (looked[index] !== null) return []
    const adopted = context.duties.some((one) => one.id === duty && one.adopted)
    return [`What comes to its end is not known whole: ${duty} ${adopted ? 'never looked' : 'is not adopted'}.`]
  })
}

function timeWords(from: string, until: string | null): string {
  const at = (moment: string) => (moment.length > 10 ? stampOf(moment) : moment)
  return until === null ? `from ${at(from)}` : `${at(from)} to ${at(until)}`
}
