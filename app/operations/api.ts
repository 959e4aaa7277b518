import { type Run, UserError } from '@upkeep/contract'
import { clockState } from '@upkeep/domain/api-security/clock-words'
import { compareMetadata } from '@upkeep/domain/api-security/compare-metadata'
import { compareSheets } from '@upkeep/domain/api-security/compare-sheets'
import type { SheetLine } from '@upkeep/domain/api-security/judge-requirements'
import { stampsOf } from '@upkeep/engine/report/words'
import type { Store } from '@upkeep/engine/store/store'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import { ApiOutput } from './api-output.ts'
import { type ServerSheet, sheetsIn } from './api-sheets.ts'
import { apiColumns, apiRows, apiText } from './api-text.ts'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const duty = 'api-security-updates'

/** The sheet of each remote server against the specifications, and what changed since the last one. */
export const api = defineOperation({
  id: 'api',
  summary: 'show how remote servers stand against the specifications, and what changed since the last sheet',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    server: z
      .string()
      .min(1)
      .optional()
      .describe('Only this server, by name or id; all remote ones when none is named'),
    since: z.iso
      .date()
      .optional()
      .meta({ description: 'Compare with the last sheet up to this day', valueName: 'YYYY-MM-DD' }),
  }),
  output: ApiOutput,
  cli: {
    verb: 'api',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep api', says: 'every remote server, compared with its sheet of the month before' },
      { command: 'upkeep api crm --since 2026-09-30', says: 'one server, compared with the end of September' },
      { command: 'upkeep api --json', says: 'with what each requirement cites' },
    ],
  },
  async run(context, { server, since }) {
    const store = await requireStore(context)
    const run = await store.runs.latestCompleted(duty)
    if (run === null) throw notYet()
    const earlier = await runBefore(store, run, since)
    const now = sheetsIn(await observationsOf(store, run))
    const was = earlier === null ? [] : sheetsIn(await observationsOf(store, earlier)).sheets
    const chosen = now.sheets.filter(
      ({ subject }) => server === undefined || [subject.name, subject.id].includes(server),
    )
    if (server !== undefined && chosen.length === 0)
      throw new UserError('not-found', 'No remote server of that name was looked at.', 'List them: "upkeep servers".')
    const output: z.input<typeof ApiOutput> = {
      seenAt: run.startedAt,
      run: run.id,
      requirements: now.requirements && only(now.requirements),
      before: earlier && { seenAt: earlier.startedAt, run: earlier.id },
      servers: chosen.map((sheet) => entryOf(sheet, was, context.clock.now())),
    }
    const simulatedClock = run.clock === 'simulated'
    return {
      output,
      text: (style) => apiText(output, context.clock.now(), style),
      table: { columns: apiColumns, rows: apiRows(output) },
      stamps: stampsOf({ practice: context.practice, simulatedClock }),
    }
  },
})

/** The last one of an earlier month; where there is none, the one before. With a day, the last one up to its end. */
async function runBefore(store: Store, run: Run, since: string | undefined): Promise<Run | null> {
  const found = async (until: string) => {
    const one = await store.runs.latestCompleted(duty, until)
    return one === null || one.id === run.id ? null : one
  }
  const justBefore = (instant: string) => new Date(Date.parse(instant) - 1).toISOString()
  const newest = justBefore(run.startedAt)
  if (since !== undefined) return await found([`${since}T23:59:59.999Z`, newest].toSorted()[0] ?? newest)
  const ofEarlierMonth = await found(justBefore(`${run.startedAt.slice(0, 7)}-01T00:00:00.000Z`))
  return ofEarlierMonth ?? (await found(newest))
}

function only({ id, version, date }: { id: string; version: number; date: string }) {
  return { id, version, date }
}

function entryOf({ subject, url, lines, metadata }: ServerSheet, was: readonly ServerSheet[], at: string) {
  const before = was.find((one) => one.subject.id === subject.id)
  return {
    subject,
    url,
    lines: lines.map((line) => lineOf(line, at)),
    compared: before !== undefined,
    changes: before === undefined ? [] : compareSheets(before.lines, lines),
    metadata: before === undefined ? [] : compareMetadata(before.metadata, metadata),
  }
}

function lineOf({ requirement, outcome, detail, clockRuns }: SheetLine, at: string) {
  const { id, level, title, cites, clock } = requirement
  const running =
    clockRuns === true && clock !== undefined ? { ...clock, daysLeft: clockState(clock, at).daysLeft } : null
  return { requirement: id, level, title, outcome, detail, cites, clock: running }
}

function notYet(): UserError {
  return new UserError(
    'not-found',
    'No remote server was held against the specifications yet.',
    `Look at them: "upkeep scan ${duty}". What may be tried stands under probe in upkeep.yaml.`,
  )
}
