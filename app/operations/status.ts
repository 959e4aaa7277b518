import { join } from 'node:path'
import { tilde } from '@upkeep/engine/report/home-as-tilde'
import { renderTerminal } from '@upkeep/engine/report/terminal'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { drawReport, outcomeOf } from './draw-report.ts'
import { defineOperation } from './operation.ts'
import { bodiesInHtml, reportFileInput, writeReportFiles } from './report-files.ts'
import { ReportOutput, reportOutput } from './report-output.ts'
import { failOn } from './scan.ts'

/** How things stood when they were last looked at. */
export const status = defineOperation({
  id: 'status',
  summary: 'show how things stood when last looked at',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    owner: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Only what this owner answers for, by upkeep.yaml or CODEOWNERS', valueName: 'owner' }),
    brief: z
      .boolean()
      .default(false)
      .describe(
        'Fifty of each list, five of what an item names, no servers and no verdicts; totals and counts are of everything',
      ),
    ...reportFileInput,
    failOn,
  }),
  output: z.strictObject({ reportPath: z.string(), report: ReportOutput }),
  cli: {
    verb: 'status',
    positionals: [],
    listed: 'front',
    examples: [
      { command: 'upkeep status', says: 'the latest report again' },
      { command: 'upkeep status --verbose', says: 'with dates, and with what proved each pass' },
      { command: 'upkeep status --owner @acme/platform', says: 'only what one owner answers for' },
      { command: 'upkeep status --html report.html', says: 'the full report as a file' },
    ],
  },
  async run(context, asked) {
    const isExport = asked.html !== undefined || asked.sarif !== undefined
    const isBrief = asked.brief && !isExport && !context.printed
    const bodies = isExport ? bodiesInHtml : 0
    const model = await drawReport(context, { bodies, owner: asked.owner, brief: isBrief })
    const reportPath = isExport ? await writeReportFiles(context, model, asked) : join(context.stateDir, 'report.html')
    const found = outcomeOf(model, asked.failOn)
    return {
      output: { reportPath, report: asked.brief ? brief(reportOutput(model)) : reportOutput(model) },
      text: (style) =>
        renderTerminal(model, {
          ...style,
          reportPath: tilde(reportPath, context.machine.home),
          maxItems: style.verbose ? 200 : 12,
        }),
      ...(found === undefined ? {} : { outcome: found }),
      stamps: stampsOf(model),
    }
  },
})

const mostInBrief = 50
/** Of one item: what a card shows. How many there are in all stands beside. */
const mostInItem = 5

function brief(report: ReportOutput): ReportOutput {
  const { items, accepted, unknowns, coverage } = report
  return {
    ...report,
    items: items.slice(0, mostInBrief).map((item) => ({
      ...item,
      subjects: item.subjects.slice(0, mostInItem),
      changes: item.changes.slice(0, mostInItem),
      limits: item.limits.slice(0, mostInItem),
      places: item.places.slice(0, mostInItem),
      findings: item.findings.slice(0, mostInItem),
    })),
    accepted: accepted.slice(0, mostInBrief),
    unknowns: unknowns.slice(0, mostInBrief).map((one) => ({ ...one, subjects: one.subjects.slice(0, mostInItem) })),
    verdicts: [],
    coverage: { ...coverage, servers: [], unreadable: coverage.unreadable.slice(0, mostInBrief) },
  }
}
