import { Run } from '@upkeep/contract'
import { ago, stampOf } from '@upkeep/domain/distance'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

/** What was run when, newest first: missed and interrupted ones too. */
export const runs = defineOperation({
  id: 'runs',
  summary: 'list what was run when, and what was missed',
  effect: 'read',
  role: 'viewer',
  pages: 'runs',
  input: z.strictObject({
    duty: z.string().optional().describe('Only this duty'),
    limit: z.int().min(1).max(10_000).default(30).describe('How many'),
  }),
  output: z.strictObject({ runs: z.array(Run) }),
  cli: {
    verb: 'runs',
    positionals: ['duty'],
    listed: 'rest',
    examples: [
      { command: 'upkeep runs', says: 'the latest thirty' },
      { command: 'upkeep runs health-checks --limit 365 --csv', says: 'a year of one duty' },
    ],
  },
  async run(context, { duty, limit }) {
    const at = context.clock.now()
    const store = await requireStore(context)
    const list = await store.runs.list({ limit, ...(duty === undefined ? {} : { duty }) })
    const simulatedClock = list.some((run) => run.clock === 'simulated')
    return {
      output: { runs: list },
      text: (style) =>
        list.length === 0
          ? 'Nothing was run yet.\n'
          : `${layRows(
              list.map((run) => runRow(run, at, style.verbose)),
              style,
            ).join('\n')}\n`,
      table: { columns, rows: list.map(csvRow) },
      stamps: stampsOf({ practice: context.practice, simulatedClock }),
    }
  },
})

function runRow(run: Run, at: string, verbose: boolean) {
  const { pass, fail, unknown, notApplicable, opened, resolved } = run.counts
  const counts = `${fail} fail, ${unknown} unknown, ${pass} pass, ${notApplicable} not applicable; ${opened} opened, ${resolved} resolved`
  const when = verbose ? `${stampOf(run.startedAt)}, ${ago(run.startedAt, at)}` : ago(run.startedAt, at)
  const missed = `${run.missedPeriods} ${run.cadence} ${run.missedPeriods === 1 ? 'period' : 'periods'} missed`
  return {
    label: run.outcome,
    tone: run.outcome === 'completed' ? ('green' as const) : ('yellow' as const),
    name: '',
    lines: [`${run.duty}, ${when} (${run.reason})`, run.outcome === 'missed' ? missed : counts],
    command: null,
  }
}

const columns = [
  'id',
  'duty',
  'outcome',
  'reason',
  'started_at',
  'ended_at',
  'pass',
  'fail',
  'unknown',
  'not_applicable',
  'opened',
  'resolved',
  'clock',
]

function csvRow(run: Run) {
  const { pass, fail, unknown, notApplicable, opened, resolved } = run.counts
  return [
    run.id,
    run.duty,
    run.outcome,
    run.reason,
    run.startedAt,
    run.endedAt,
    pass,
    fail,
    unknown,
    notApplicable,
    opened,
    resolved,
    run.clock,
  ]
}
