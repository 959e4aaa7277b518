import { Severity } from '@upkeep/contract'
import { tilde } from '@upkeep/engine/report/home-as-tilde'
import { renderTerminal } from '@upkeep/engine/report/terminal'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { afterRound } from './after-round.ts'
import type { Context, ScanRequest } from './context.ts'
import { drawReport, outcomeOf } from './draw-report.ts'
import { type Answer, defineOperation } from './operation.ts'
import { bodiesInHtml, reportFileInput, writeReportFiles } from './report-files.ts'
import { ReportOutput, reportOutput } from './report-output.ts'
import { keepUnattended } from './unattended.ts'

export const failOn = z
  .enum([...Severity.options, 'never'])
  .default('low')
  .meta({
    description: 'Exit with 1 from this severity on: critical, high, medium, low or never',
    valueName: 'severity',
  })

const limits = {
  homes: z.array(z.string().min(1)).default([]).meta({
    description: 'Look at each folder in here as a home, not at this machine',
    valueName: 'folder',
    local: true,
  }),
  project: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Look at this project alone, such as in a pipeline', valueName: 'folder', local: true }),
  probe: z.boolean().default(false).describe('Connect to URLs found in client files, and list what they offer'),
  online: z.boolean().default(false).describe('Ask the package registry'),
  ...reportFileInput,
  failOn,
}

const ScanOutput = z.strictObject({
  round: z.string().nullable(),
  ran: z.array(z.string()),
  nextDue: z.array(z.strictObject({ duty: z.string(), at: z.string() })),
  opened: z.int(),
  resolved: z.int(),
  reportPath: z.string(),
  report: ReportOutput,
})

/** Looks at everything now, whether it is due or not. */
export const scan = defineOperation({
  id: 'scan',
  summary: 'look at every server now, due or not; starts nothing',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    duties: z.array(z.string()).default([]).describe('Only these duties; all adopted ones when none is named'),
    ...limits,
  }),
  output: ScanOutput,
  cli: {
    verb: 'scan',
    positionals: ['duties'],
    listed: 'front',
    examples: [
      { command: 'upkeep scan', says: 'every adopted duty, now' },
      { command: 'upkeep scan vulnerability-scanning --online', says: 'one duty, asking the registry' },
      { command: 'upkeep scan --project . --sarif upkeep.sarif --fail-on high', says: 'for a pipeline' },
    ],
  },
  run: (context, { duties, ...asked }) =>
    scanAndReport(context, { what: duties.length === 0 ? 'all' : duties, ...asked }),
})

/** What `upkeep` alone does. */
export const upkeep = defineOperation({
  id: 'upkeep',
  summary: 'run what is due, and show how things stand',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    ...limits,
    unattended: z
      .boolean()
      .default(false)
      .describe(
        'As the timer runs it: also make approved changes in their time, set back what is enforced, tell alarms',
      ),
  }),
  output: ScanOutput,
  cli: {
    verb: '',
    positionals: [],
    listed: 'front',
    examples: [{ command: 'upkeep', says: 'what is due, then what needs you' }],
  },
  async run(context, { unattended, ...asked }) {
    if (unattended) await keepUnattended(context)
    const answer = await scanAndReport(context, { what: 'due', ...asked })
    if (unattended) await afterRound(context, answer.output)
    return answer
  },
})

interface Asked extends ScanRequest {
  html?: string | undefined
  sarif?: string | undefined
  failOn: Severity | 'never'
}

async function scanAndReport(context: Context, asked: Asked): Promise<Answer<z.input<typeof ScanOutput>>> {
  const outcome = await context.acts.scan(asked)
  context.progress('writing the report')
  const model = await drawReport(context, { bodies: bodiesInHtml })
  const reportPath = await writeReportFiles(context, model, asked)
  const found = outcomeOf(model, asked.failOn)
  return {
    output: {
      round: outcome.round,
      ran: [...outcome.ran],
      nextDue: [...outcome.nextDue],
      opened: outcome.opened,
      resolved: outcome.resolved,
      reportPath,
      report: reportOutput(model),
    },
    text: (style) =>
      renderTerminal(model, {
        ...style,
        reportPath: tilde(reportPath, context.machine.home),
        maxItems: style.verbose ? 200 : 12,
      }),
    nothingThere: model.coverage.servers.length === 0 && model.coverage.unreadable.length === 0,
    ...(found === undefined ? {} : { outcome: found }),
    stamps: stampsOf(model),
  }
}
