import { Subject, UserError } from '@upkeep/contract'
import { type PackageQuestion, packageQuestion } from '@upkeep/domain/package-question'
import { counted, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layParts, layRows } from '@upkeep/engine/report/rows'
import { type Holder, whoHas } from '@upkeep/engine/report/who-has'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { dayAsked } from './days.ts'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const maxShown = 200

const Has = z.strictObject({
  package: z.string(),
  version: z.string().nullable(),
  how: z.enum(['starts', 'installed', 'bundled', 'declared']),
  unsure: z.boolean().describe('The version is not known or cannot be compared: it may be meant'),
})

const WhoHasOutput = z.strictObject({
  asked: z.string(),
  on: z.string().nullable(),
  servers: z.int(),
  holders: z.array(z.strictObject({ subject: Subject, has: z.array(Has), observations: z.array(z.string()) })),
  notKnown: z.array(Subject).describe('What they have was not seen, or not whole: they may have it'),
  elsewhere: z.array(Subject).describe('They run on another machine: what they have cannot be seen from here'),
  runs: z.array(z.strictObject({ id: z.string(), startedAt: z.string() })),
})
type Output = z.infer<typeof WhoHasOutput>

/** Which servers have a package, now or on a day. */
export const whoHasOperation = defineOperation({
  id: 'who-has',
  summary: 'which servers have a package, now or on a day',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    package: z.string().min(1).max(500).describe('A name, name@range, npm:…, pypi:…, or a package URL'),
    on: z.string().optional().meta({ description: 'At any time of this day, UTC', valueName: 'date' }),
  }),
  output: WhoHasOutput,
  cli: {
    verb: 'who-has',
    positionals: ['package'],
    listed: 'rest',
    examples: [
      { command: "upkeep who-has 'express@<4.22'", says: 'by name and range' },
      { command: 'upkeep who-has pkg:npm/mcp-remote@0.1.15', says: 'by package URL' },
      { command: 'upkeep who-has postmark-mcp --on 2026-09-25', says: 'who had it on a day' },
    ],
  },
  async run(context, asked) {
    const question = questionOf(asked.package)
    const day = asked.on === undefined ? null : dayAsked(asked.on)
    const found = await whoHas(await requireStore(context), context.duties, question, day)
    if (found.runs.length === 0) throw neverLooked(day !== null)
    const output: Output = {
      asked: asked.package,
      on: asked.on ?? null,
      servers: found.servers,
      holders: found.holders,
      notKnown: found.notKnown,
      elsewhere: found.elsewhere,
      runs: found.runs.map(({ id, startedAt }) => ({ id, startedAt })),
    }
    return {
      output,
      text: (style) => whoHasText(output, style),
      table: { columns, rows: found.holders.flatMap(csvRows) },
      ...(output.notKnown.length > 0 ? { outcome: 'not-evaluated' as const } : {}),
      stamps: stampsOf({
        practice: context.practice || found.runs.some((run) => run.practice),
        simulatedClock: context.clock.kind === 'simulated' || found.runs.some((run) => run.clock === 'simulated'),
      }),
    }
  },
})

function questionOf(text: string): PackageQuestion {
  const question = packageQuestion(text)
  if (question !== null) return question
  const forms = 'Give a name, name@range, npm:@scope/name@<2, pypi:name, or pkg:npm/name@1.2.3.'
  throw new UserError('bad-input', 'That names no package.', forms)
}

function neverLooked(onDay: boolean): UserError {
  if (!onDay) return new UserError('not-found', 'No run looked for packages yet.', 'Run "upkeep scan" first.')
  return new UserError('not-found', 'No run had looked for packages by then.', 'See "upkeep runs" for when they ran.')
}

const howWords = { starts: 'would start', installed: 'installed', bundled: 'inside another package', declared: 'named' }

function whoHasText(output: Output, style: TerminalStyle): string {
  const { holders, servers, notKnown, elsewhere } = output
  const rows = holders.slice(0, maxShown).map((holder) => ({
    label: holder.has.every((one) => one.unsure) ? 'may have' : 'has',
    tone: 'yellow' as const,
    name: holder.subject.name,
    lines: [...holder.has.slice(0, 8).map(hasWords), holder.subject.id],
    command: null,
  }))
  const left = holders.length - rows.length
  const parts = [
    `${holders.length} of ${counted(servers, 'server')}`,
    ...(notKnown.length === 0 ? [] : [`not known for ${notKnown.length}: ${someNames(notKnown)}`]),
    ...(elsewhere.length === 0 ? [] : [`${counted(elsewhere.length, 'runs', 'run')} elsewhere`]),
    `as seen ${seenWords(output.runs)}`,
  ]
  const more = left > 0 ? [`${left} more are not shown: upkeep who-has --csv shows all`] : []
  return `${[...layRows(rows, style), ...(rows.length > 0 ? [''] : []), ...more, ...layParts(parts, style)].join('\n')}\n`
}

function hasWords({ package: key, version, how, unsure }: Holder['has'][number]): string {
  const name = key.slice(key.indexOf(':') + 1)
  const shown = version === null ? `${name}, version not known` : `${name} ${version}`
  return `${shown} (${howWords[how]}${unsure ? '; cannot be compared with what was asked' : ''})`
}

function someNames(subjects: readonly Subject[]): string {
  const names = subjects.slice(0, 5).map((one) => one.name)
  return subjects.length > names.length ? `${names.join(', ')} …` : names.join(', ')
}

function seenWords(runs: Output['runs']): string {
  const [first] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return 'never'
  return first.startedAt === last.startedAt ? first.startedAt : `${first.startedAt} to ${last.startedAt}`
}

const columns = ['server', 'server_id', 'package', 'version', 'how', 'unsure']

function csvRows({ subject, has }: Holder) {
  return has.map((one) => [subject.name, subject.id, one.package, one.version, one.how, one.unsure])
}
