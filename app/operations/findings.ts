import { Finding, Severity, Subject } from '@upkeep/contract'
import { ago, dayOf } from '@upkeep/domain/distance'
import { printable } from '@upkeep/domain/printable'
import { dueSentence } from '@upkeep/engine/report/due-words'
import { ageOfGrounds, conflictsOf } from '@upkeep/engine/report/finding-grounds'
import { severityRank } from '@upkeep/engine/report/items'
import type { FeedAge } from '@upkeep/engine/report/report-model'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { ownersOf } from '../owners-of.ts'
import type { Context } from './context.ts'
import { drawCoverage, drawReport, isAtLeast, outcomeOf, requireStore, standingRuns } from './draw-report.ts'
import { namedBy, type StandingFinding, standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'
import { failOn } from './scan.ts'

const maxShown = 200

const Listed = z.strictObject({ finding: Finding, acceptedUntil: z.string().nullable(), owners: z.array(z.string()) })

/** The findings, whatever became of them. */
export const findings = defineOperation({
  id: 'findings',
  summary: 'list what is wrong: all, or of one server or duty',
  effect: 'read',
  role: 'viewer',
  pages: 'findings',
  input: z.strictObject({
    about: z.string().optional().describe('A server, file or person by name; a duty, a rule, or a fingerprint'),
    accepted: z.boolean().default(false).describe('Only those that someone accepted'),
    resolved: z.boolean().default(false).describe('Those that are resolved too'),
    unknown: z.boolean().default(false).describe('What could not be judged, instead'),
    severity: Severity.optional().meta({ description: 'At or above this severity', valueName: 'severity' }),
    owner: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Only what this owner answers for, by upkeep.yaml or CODEOWNERS', valueName: 'owner' }),
    failOn,
  }),
  output: z.strictObject({
    findings: z.array(Listed),
    /** Where they are asked for, in the place of findings. */
    unknowns: z.array(z.strictObject({ reason: z.string(), duties: z.array(z.string()), subjects: z.array(Subject) })),
  }),
  cli: {
    verb: 'findings',
    positionals: ['about'],
    listed: 'front',
    examples: [
      { command: 'upkeep findings', says: 'everything open' },
      { command: 'upkeep findings fs', says: 'of the server fs' },
      { command: 'upkeep findings --resolved --csv', says: 'the history as a table' },
    ],
  },
  async run(context, input) {
    const at = context.clock.now()
    const store = await requireStore(context)
    const owners = ownersOf(context.upkeepFile.servers)
    const standing = await standingFindings(store, at)
    const unknowns = input.unknown ? await unknownsOf(context, input) : []
    const shown = input.unknown ? [] : select(standing, input, owners)
    const found = await outcomeNow(context, standing, input)
    const feeds = context.printed ? (await drawCoverage(context)).coverage.feeds : []
    return {
      output: {
        findings: shown.map(({ finding, acceptance }) => ({
          finding,
          acceptedUntil: acceptance?.until ?? null,
          owners: owners(finding.statement.subject),
        })),
        unknowns,
      },
      text: (style) => {
        const rows = input.unknown
          ? unknowns.map(unknownRow)
          : shown.slice(0, maxShown).map((one) => findingRow(one, feeds, at))
        const left = input.unknown ? 0 : shown.length - maxShown
        const more = left > 0 ? `\n${left} more are not shown: upkeep findings --csv shows all\n` : ''
        if (rows.length === 0) return `${input.unknown ? 'Nothing is unknown.' : whyNone(standing, input)}\n`
        return `${layRows(rows, style).join('\n')}\n${more}`
      },
      ...(context.printed && { table: input.unknown ? unknownTable(unknowns) : findingTable(shown, owners) }),
      ...(found === undefined ? {} : { outcome: found }),
      stamps: stampsOf(await standingRuns(context)),
    }
  },
})

async function unknownsOf(context: Context, { owner }: Wanted) {
  const { unknowns } = await drawReport(context, { owner, brief: true })
  return unknowns.map((one) => ({ ...one, duties: [...one.duties], subjects: [...one.subjects] }))
}

/** As of the whole report; but where one open finding says it, the rest need not be drawn. */
async function outcomeNow(context: Context, standing: readonly StandingFinding[], input: Wanted & FailOn) {
  const { owner, failOn: limit } = input
  if (limit === 'never') return undefined
  const owners = ownersOf(context.upkeepFile.servers)
  const isWrong = ({ finding: { state, statement }, acceptance }: StandingFinding) =>
    state !== 'resolved' &&
    acceptance === null &&
    isAtLeast(statement.severity, limit) &&
    (owner === undefined || owners(statement.subject).includes(owner))
  if (standing.some(isWrong)) return 'findings'
  return outcomeOf(await drawReport(context, { owner, brief: true }), limit)
}

interface FailOn {
  failOn: z.infer<typeof failOn>
}

/** Why nothing is listed: nothing was found, all of it is resolved, or none is what was asked for. */
function whyNone(standing: readonly StandingFinding[], { about }: Wanted): string {
  if (standing.length === 0)
    return 'There are no findings: no look found anything wrong. What was looked at: upkeep status'
  if (about !== undefined && namedBy(about, standing).length === 0)
    return 'No finding has that name: neither a server, a duty, a rule nor a fingerprint. All of them: upkeep findings'
  const open = standing.filter(({ finding }) => finding.state !== 'resolved').length
  const resolved = standing.length - open
  return `None of the ${standing.length} findings is what was asked for: ${open} open, ${resolved} resolved (--resolved)`
}

interface Wanted {
  about?: string | undefined
  accepted: boolean
  resolved: boolean
  severity?: Severity | undefined
  owner?: string | undefined
}

type OwnersOf = ReturnType<typeof ownersOf>

function select(all: readonly StandingFinding[], wanted: Wanted, owners: OwnersOf): StandingFinding[] {
  const named = wanted.about === undefined ? all : namedBy(wanted.about, all)
  const limit = wanted.severity === undefined ? Number.POSITIVE_INFINITY : severityRank(wanted.severity)
  const { owner } = wanted
  const isWanted = ({ finding, acceptance }: StandingFinding) =>
    (wanted.resolved || finding.state !== 'resolved') &&
    (!wanted.accepted || acceptance !== null) &&
    severityRank(finding.statement.severity) <= limit &&
    (owner === undefined || owners(finding.statement.subject).includes(owner))
  const bySeverity = Map.groupBy(named.filter(isWanted), ({ finding }) => finding.statement.severity)
  return Severity.options.flatMap((severity) => bySeverity.get(severity) ?? [])
}

function findingRow({ finding, acceptance }: StandingFinding, feeds: readonly FeedAge[], at: string) {
  const { statement } = finding
  const accepted = acceptance === null ? '' : `, accepted until ${dayOf(acceptance.until)}`
  return {
    label: statement.severity,
    tone: 'yellow' as const,
    name: statement.subject.name,
    lines: [
      statement.summary,
      `do: ${statement.action}`,
      ...(statement.due === undefined ? [] : [dueSentence(statement.due)]),
      ...conflictLines(statement.facts),
      ...ageLines(statement.facts, feeds, at),
      `${statement.fingerprint.slice(0, 12)}  ${finding.state}, first seen ${ago(finding.firstSeenAt, at)}${accepted}`,
    ],
    command: null,
  }
}

/** What sources say otherwise, beside each other: all of it text from outside. */
function conflictLines(facts: Facts): string[] {
  return conflictsOf(facts).map(({ field, values }) => {
    const said = values.map(
      ({ record, value }) => `${printable(record, { maxLength: 60 })} "${printable(value, { maxLength: 120 })}"`,
    )
    return `sources differ on ${field}: ${said.join(' / ')}`
  })
}

function ageLines(facts: Facts, feeds: readonly FeedAge[], at: string): string[] {
  const age = ageOfGrounds(facts, feeds, at)
  return age === null ? [] : [printable(age, { maxLength: 300 })]
}

type Facts = StandingFinding['finding']['statement']['facts']

function unknownRow(group: { reason: string; subjects: readonly Subject[] }) {
  const names = group.subjects.map((subject) => subject.name).join(', ')
  return { label: 'unknown', tone: 'yellow' as const, name: '', lines: [group.reason, `for ${names}`], command: null }
}

function unknownTable(unknowns: Awaited<ReturnType<typeof unknownsOf>>) {
  return {
    columns: ['reason', 'duties', 'subjects'],
    rows: unknowns.map((one) => [one.reason, one.duties.join(' '), one.subjects.map((s) => s.name).join(' ')]),
  }
}

function findingTable(shown: readonly StandingFinding[], owners: OwnersOf) {
  return { columns, rows: shown.map((one) => csvRow(one, owners)) }
}

const columns = [
  'fingerprint',
  'state',
  'severity',
  'subject',
  'subject_id',
  'duty',
  'rule',
  'summary',
  'action',
  'first_seen_at',
  'accepted_until',
  'due',
  'owners',
]

function csvRow({ finding, acceptance }: StandingFinding, owners: OwnersOf) {
  const { statement } = finding
  return [
    statement.fingerprint,
    finding.state,
    statement.severity,
    statement.subject.name,
    statement.subject.id,
    statement.duty,
    statement.rule,
    statement.summary,
    statement.action,
    finding.firstSeenAt,
    acceptance?.until ?? null,
    statement.due?.at ?? null,
    owners(statement.subject).join(' '),
  ]
}
