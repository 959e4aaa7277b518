import { stretchesOf, trendDays, trendWeeks } from '@upkeep/domain/history/trends'
import { counted } from '@upkeep/engine/report/paint'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const mostRuns = 10_000
const Count = z.int().min(0)

const Output = z.strictObject({
  days: z.array(
    z.strictObject({
      day: z.string(),
      open: Count.describe('Findings that were open at the end of it, UTC'),
      grave: Count.describe('Of these, high or critical'),
      opened: Count,
      resolved: Count,
      verdicts: z
        .strictObject({ pass: Count, fail: Count, unknown: Count })
        .nullable()
        .describe('Of the newest run of each duty by then; null before the first'),
    }),
  ),
  weeks: z.array(
    z.strictObject({
      until: z.string(),
      fixed: Count,
      medianDays: z.number().nullable().describe('How long what was fixed had been open; null where nothing was'),
      slowestDays: z.number().nullable(),
    }),
  ),
})

/** How it went: what was open, how long fixing took, and how much could be judged, day by day. */
export const trends = defineOperation({
  id: 'trends',
  summary: 'how it went, day by day: what was open, how long fixing took, how much could be judged',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({ days: z.int().min(7).max(730).default(90).describe('How many days back') }),
  output: Output,
  cli: {
    verb: 'trends',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep trends --days 365 --csv', says: 'a year, for a table of your own' }],
  },
  async run(context, { days: asked }) {
    const store = await requireStore(context)
    const now = context.clock.now()
    const [findings, runs] = [await store.findings.current(), await store.runs.list({ limit: mostRuns })]
    const stretches = stretchesOf(findings, await store.findings.cameBack())
    const output = {
      days: trendDays(stretches, runs, now, asked),
      weeks: trendWeeks(stretches, now, Math.floor(asked / 7)),
    }
    return {
      output,
      text: () => trendsText(output),
      table: {
        columns: ['day', 'open', 'high or critical', 'opened', 'resolved', 'pass', 'fail', 'unknown'],
        rows: output.days.map(({ day, open, grave, opened, resolved, verdicts }) => [
          ...[day, open, grave, opened, resolved],
          ...[verdicts?.pass ?? '', verdicts?.fail ?? '', verdicts?.unknown ?? ''],
        ]),
      },
      stamps: stampsOf({ practice: context.practice, simulatedClock: runs.some(({ clock }) => clock === 'simulated') }),
    }
  },
})

const shownWeeks = 8

/** A line a week: the whole is a table. */
function trendsText({ days, weeks }: z.infer<typeof Output>): string {
  const lines = weeks.slice(-shownWeeks).map(({ until, fixed, medianDays, slowestDays }) => {
    const day = days.find((one) => one.day === until)
    const lasted =
      medianDays === null ? '' : ` in ${days1(medianDays)} (median), ${days1(slowestDays ?? 0)} at the longest`
    return `${until}  ${counted(day?.open ?? 0, 'finding')} open, ${day?.grave ?? 0} of them high or critical; ${fixed} fixed in the week${lasted}`
  })
  return `${lines.join('\n')}\nDay by day: --csv\n`
}

function days1(days: number): string {
  return `${Math.round(days * 10) / 10} days`
}
