import { Acceptance, Finding, Profile, Severity, Strength, Subject } from '@upkeep/contract'
import { ChangeInput } from '@upkeep/contract/change'
import { Due } from '@upkeep/contract/due'
import { AdvisoryFeed } from '@upkeep/contract/observations/advisories'
import { Instant } from '@upkeep/contract/time'
import { Verdict } from '@upkeep/contract/verdict'
import type { ReportModel } from '@upkeep/engine/report/report-model'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'

const Server = z.strictObject({
  id: z.string(),
  name: z.string(),
  client: z.string(),
  scope: z.string(),
  path: z.string(),
  line: z.int().nullable(),
  transport: z.string(),
  disabled: z.boolean(),
  strength: Strength,
  launches: z.string(),
  version: z.string().nullable(),
  digest: z.string().nullable(),
  why: z.string(),
})

/** What was looked at, as programs read it. */
export const CoverageOutput = z.strictObject({
  observedAt: Instant.nullable(),
  servers: z.array(Server),
  clients: z.array(z.string()),
  strengths: z.strictObject({ declared: z.int(), resolved: z.int(), observed: z.int(), proven: z.int() }),
  filesRead: z.int(),
  unreadable: z.array(z.strictObject({ subject: Subject, code: z.string(), reason: z.string() })),
  problems: z.array(z.strictObject({ path: z.string(), at: z.string(), problem: z.string() })),
  started: z.int(),
  connected: z.int(),
  gatewaysAsked: z.int(),
  registryAsked: z.boolean(),
  feeds: z.array(AdvisoryFeed.pick({ id: true, form: true, newest: true, maxAgeDays: true })),
})

/** The report as programs read it: the same records as every other form of it. */
export const ReportOutput = z.strictObject({
  at: Instant,
  version: z.string(),
  profile: Profile,
  practice: z.boolean(),
  simulatedClock: z.boolean(),
  stamps: z.array(z.string()),
  coverage: CoverageOutput,
  items: z.array(
    z.strictObject({
      severity: Severity,
      subjects: z.array(Subject),
      duty: z.string(),
      title: z.string(),
      summary: z.string(),
      action: z.string(),
      changes: z.array(ChangeInput),
      limits: z.array(z.string()),
      firstSeenAt: Instant,
      due: Due.nullable(),
      owners: z.array(z.string()),
      places: z.array(z.string()),
      findings: z.array(Finding),
      /** Of the whole item, where a brief report cuts its lists. */
      subjectCount: z.int(),
      findingCount: z.int(),
    }),
  ),
  accepted: z.array(z.strictObject({ finding: Finding, acceptance: Acceptance })),
  unknowns: z.array(
    z.strictObject({
      reason: z.string(),
      duties: z.array(z.string()),
      subjects: z.array(Subject),
      subjectCount: z.int(),
    }),
  ),
  verdicts: z.array(z.strictObject({ duty: z.string(), run: z.string(), verdict: Verdict })),
  notAdopted: z.array(z.string()),
  totals: z.strictObject({
    findings: z.int(),
    accepted: z.int(),
    unknown: z.int(),
    pass: z.int(),
    notApplicable: z.int(),
  }),
  /** How long lists are that a brief report cuts. */
  lengths: z.strictObject({ items: z.int(), unreadable: z.int() }),
  ledger: z.strictObject({
    size: z.int(),
    checkpoint: z.strictObject({ size: z.int(), root: z.string(), at: Instant }).nullable(),
  }),
})
export type ReportOutput = z.infer<typeof ReportOutput>

/** The model as plain data. */
export function reportOutput(model: ReportModel): ReportOutput {
  return {
    at: model.at,
    version: model.version,
    profile: model.profile,
    practice: model.practice,
    simulatedClock: model.simulatedClock,
    stamps: stampsOf(model),
    coverage: coverageOutput(model),
    items: model.items.map(({ key: _, ...item }) => ({
      ...item,
      subjects: [...item.subjects],
      owners: [...item.owners],
      places: [...item.places],
      limits: [...item.limits],
      changes: [...item.changes],
      findings: [...item.findings],
      subjectCount: item.subjects.length,
      findingCount: item.findings.length,
    })),
    accepted: [...model.accepted],
    unknowns: model.unknowns.map((one) => ({
      ...one,
      duties: [...one.duties],
      subjects: [...one.subjects],
      subjectCount: one.subjects.length,
    })),
    verdicts: model.verdicts.map(({ duty, run, verdict }) => ({ duty, run, verdict })),
    notAdopted: model.notAdopted.map((duty) => duty.id),
    totals: model.totals,
    lengths: { items: model.items.length, unreadable: model.coverage.unreadable.length },
    ledger: model.ledger,
  }
}

/** The coverage as plain data. */
export function coverageOutput({ coverage }: Pick<ReportModel, 'coverage'>): z.infer<typeof CoverageOutput> {
  return {
    ...coverage,
    servers: coverage.servers.map(({ subject, ...server }) => ({ id: subject.id, name: subject.name, ...server })),
    clients: [...coverage.clients],
    unreadable: [...coverage.unreadable],
    problems: [...coverage.problems],
    feeds: [...coverage.feeds],
  }
}
