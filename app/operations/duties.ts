import { Cadence, Profile, Severity } from '@upkeep/contract'
import { ago, distance } from '@upkeep/domain/distance'
import type { ReportDuty } from '@upkeep/engine/report/report-model'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'

const Listed = z.strictObject({
  id: z.string(),
  title: z.string(),
  heading: z.string(),
  summary: z.string(),
  cadence: Cadence,
  adopted: z.boolean(),
  adoptedBy: z.array(Profile),
  lastRunAt: z.string().nullable(),
  nextDueAt: z.string().nullable(),
  rules: z.array(
    z.strictObject({ id: z.string(), version: z.int(), title: z.string(), severity: Severity, help: z.string() }),
  ),
})
type Listed = z.infer<typeof Listed>

/** What this installation took on, and what it could. */
export const duties = defineOperation({
  id: 'duties',
  summary: 'list the duties: adopted or not, last done, next due',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({ adopted: z.boolean().default(false).describe('Only those that are adopted') }),
  output: z.strictObject({ duties: z.array(Listed) }),
  cli: {
    verb: 'duties',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep duties', says: 'all of them' },
      { command: 'upkeep duties --adopted --json', says: 'with rules, for a program' },
    ],
  },
  async run(context, { adopted }) {
    const at = context.clock.now()
    const list = await listDuties(context, adopted)
    return {
      output: { duties: list },
      text: (style) =>
        `${layRows(
          list.map((duty) => dutyRow(duty, at)),
          style,
        ).join('\n')}\n`,
      table: { columns, rows: list.map(csvRow) },
      stamps: stampsOf({ practice: context.practice, simulatedClock: context.clock.kind === 'simulated' }),
    }
  },
})

async function listDuties(context: Context, onlyAdopted: boolean): Promise<Listed[]> {
  const store = await context.existingStore()
  const wanted = context.duties.filter((duty) => duty.adopted || !onlyAdopted)
  const latest = new Map<string, Awaited<ReturnType<NonNullable<typeof store>['runs']['latestCompleted']>>>()
  for (const duty of wanted) latest.set(duty.id, (await store?.runs.latestCompleted(duty.id)) ?? null)
  const due = context.acts.nextDue(latest)
  return wanted.map((duty) => listed(duty, latest.get(duty.id)?.startedAt ?? null, due.get(duty.id) ?? null))
}

function listed(duty: ReportDuty, lastRunAt: string | null, nextDueAt: string | null): Listed {
  const { id, title, heading, summary, cadence, adopted } = duty
  return {
    id,
    title,
    heading,
    summary,
    cadence,
    adopted,
    adoptedBy: [...duty.adoptedBy],
    lastRunAt,
    nextDueAt: adopted ? nextDueAt : null,
    rules: duty.rules.map((rule) => ({ ...rule })),
  }
}

function dutyRow(duty: Listed, at: string) {
  const done = duty.lastRunAt === null ? 'never done' : `done ${ago(duty.lastRunAt, at)}`
  const isDue = duty.nextDueAt !== null && duty.nextDueAt <= at
  const next = duty.nextDueAt === null || isDue ? 'due now' : `due in ${distance(at, duty.nextDueAt)}`
  const standing = duty.adopted ? `${done}, ${next}` : `not adopted; profiles: ${duty.adoptedBy.join(', ') || 'none'}`
  return {
    label: duty.cadence,
    tone: duty.adopted ? ('cyan' as const) : ('dim' as const),
    name: '',
    lines: [duty.id, duty.summary, standing],
    command: null,
  }
}

const columns = ['id', 'title', 'cadence', 'adopted', 'last_run_at', 'next_due_at', 'adopted_by']

function csvRow(duty: Listed) {
  return [duty.id, duty.title, duty.cadence, duty.adopted, duty.lastRunAt, duty.nextDueAt, duty.adoptedBy.join(' ')]
}
