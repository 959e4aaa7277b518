import { Strength } from '@upkeep/contract'
import { Instant } from '@upkeep/contract/time'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { drawFigures } from './draw-report.ts'
import { defineOperation } from './operation.ts'
import { ReportOutput } from './report-output.ts'

const FiguresOutput = z.strictObject({
  observedAt: Instant.nullable(),
  /** Things to do, by their severity: what one change closes is one. */
  open: z.strictObject({ critical: z.int(), high: z.int(), medium: z.int(), low: z.int() }),
  totals: ReportOutput.shape.totals,
  servers: z.int(),
  strengths: z.record(Strength, z.int()),
  clients: z.int(),
  unreadable: z.int(),
})

/** How many of everything there are: for monitors, and for whoever wants no list. */
export const figures = defineOperation({
  id: 'figures',
  summary: 'how many of everything: open by severity, unknown, servers',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({}),
  output: FiguresOutput,
  cli: {
    verb: 'figures',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep figures', says: 'the counts of the latest report' },
      { command: 'upkeep figures --json', says: 'for a monitor' },
    ],
  },
  async run(context) {
    const { items, totals, coverage, ...stamped } = await drawFigures(context)
    const output = {
      observedAt: coverage.observedAt,
      open: items,
      totals,
      servers: coverage.servers.length,
      strengths: coverage.strengths,
      clients: coverage.clients.length,
      unreadable: coverage.unreadable.length,
    }
    return { output, text: () => figuresText(output), stamps: stampsOf(stamped) }
  },
})

function figuresText({ observedAt, open, totals, servers, unreadable }: z.infer<typeof FiguresOutput>): string {
  const lines: readonly (readonly [string, number | string])[] = [
    ['last looked at', observedAt ?? 'never'],
    ['servers', servers],
    ...Object.entries(open).map(([severity, count]) => [`to do, ${severity}`, count] as const),
    ['accepted', totals.accepted],
    ['unknown', totals.unknown],
    ['not read', unreadable],
    ['shown to be right', totals.pass],
  ]
  return lines.map(([what, count]) => `${what.padEnd(18)} ${count}\n`).join('')
}
