import type { Facts, FindingDraft, Seen, Severity } from '@upkeep/contract'
import { type AboutPackage, callName } from '@upkeep/domain/advisories/known-advisories'
import { versionOf } from '@upkeep/domain/advisories/match-parts'
import { type NextVersion, nextVersion, versionProposal } from '@upkeep/domain/advisories/next-version'
import { actionOfStep, outOfReach } from '@upkeep/domain/advisories/step-words'
import { printable } from '@upkeep/domain/printable'
import { soonestFirst } from '@upkeep/domain/urgency/due-by-rule'
import { named } from '@upkeep/domain/versions/fix-in-reach'
import type { VexStatement } from '@upkeep/domain/vex/vex-statements'
import { type DueGrounds, type DueLine, dueLine } from './due-lines.ts'
import { mitigationsFor } from './mitigations.ts'
import type { Rules, SheetFacts, SheetLine } from './rules.ts'

/** What the sheet of one package rests on. */
export interface SheetGrounds extends DueGrounds {
  declared: Facts<'declared-server'>
  registry: Seen<'registry'>
  minimumAgeDays: number
}

interface Line extends DueLine {
  statement: VexStatement
  closed: boolean
}

const maxLines = 50
const maxCandidates = 5

/** The decision about one package: what to go to and by when; and apart from it what no version within reach closes. */
export function assessPackage(
  statements: readonly [VexStatement, ...VexStatement[]],
  about: readonly AboutPackage[],
  grounds: SheetGrounds,
): FindingDraft<Rules>[] {
  const [{ parts }] = statements
  const [part] = parts
  const minimumAge = { days: grounds.minimumAgeDays, at: grounds.at }
  const skipped = { history: grounds.history, at: grounds.at }
  const next = nextVersion(part, about, grounds.registry, { minimumAge, skipped })
  const closes = next.choice.step?.closes ?? []
  const lines = statements
    .map((statement): Line => {
      const closed = closes.includes(statement.advisory.id)
      return { ...dueLine(grounds, part, statement.advisory.record), statement, closed }
    })
    .sort((a, b) => soonestFirst(a.due ?? never, b.due ?? never) || compare(nameOf(a), nameOf(b)))
  const closable = lines.filter((one) => one.closed)
  const open = lines.filter((one) => !one.closed)
  return [...withPatch(closable, next, grounds), ...withoutPatch(open, next, grounds)]
}

const never = { at: null }

function nameOf({ statement }: Line): string {
  return callName(statement.advisory.record)
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function withPatch(lines: readonly Line[], next: NextVersion, grounds: SheetGrounds): FindingDraft<Rules>[] {
  const [first] = lines
  const { step } = next.choice
  if (first === undefined || step === null) return []
  const [part] = first.statement.parts
  const proposal = versionProposal(grounds.declared, part, next)
  const count = lines.length === 1 ? 'a known vulnerability' : `${lines.length} known vulnerabilities`
  return [
    {
      rule: 'patch-available',
      severity: worstOf(lines),
      facts: factsOf(lines, next, grounds),
      summary: `${part.name} ${versionOf(part)} has ${count} that ${step.version} closes: ${namesOf(lines)}${beside(lines)}`,
      action: `${tracesFirst(lines)}${actionOfStep(part, next, proposal !== null)}`,
      proposals: proposal === null ? [] : [proposal],
      ...(first.due === null ? {} : { due: first.due }),
    },
  ]
}

function withoutPatch(lines: readonly Line[], next: NextVersion, grounds: SheetGrounds): FindingDraft<Rules>[] {
  const [first] = lines
  if (first === undefined) return []
  const [part] = first.statement.parts
  return [
    {
      rule: 'fix-not-obtainable',
      severity: worstOf(lines),
      facts: factsOf(lines, next, grounds),
      summary: `${part.name} ${versionOf(part)}: no version within reach closes ${namesOf(lines)}${beside(lines)}`,
      action: `${tracesFirst(lines)}${outOfReach(first.statement.advisory, part, next)}`,
      ...(first.due === null ? {} : { due: first.due }),
    },
  ]
}

function tracesFirst(lines: readonly Line[]): string {
  return lines.some((one) => one.evidenceFirst)
    ? 'Keep a copy of its logs and files first: it may have been used already. '
    : ''
}

const maxNames = 6

function namesOf(lines: readonly Line[]): string {
  const names = lines.map(nameOf)
  const more = names.length - maxNames
  return printable(more > 0 ? `${names.slice(0, maxNames).join(', ')} and ${more} more` : names.join(', '))
}

/** That sources differ is said beside what counts. */
function beside(lines: readonly Line[]): string {
  const differing = lines.filter((one) => one.statement.advisory.record.conflicts.length > 0)
  if (differing.length === 0) return ''
  const fields = differing.flatMap((one) => one.statement.advisory.record.conflicts.map((conflict) => conflict.field))
  return ` (sources differ on ${[...new Set(fields)].join(', ')} of ${namesOf(differing)})`
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** A record that states no severity counts as high. */
function worstOf(lines: readonly Line[]): Severity {
  const stated = lines.map(({ statement }) => statement.advisory.record.severity)
  return severities.find((one) => stated.includes(one) || (one === 'high' && stated.includes('unknown'))) ?? 'high'
}

function factsOf(lines: readonly Line[], next: NextVersion, grounds: SheetGrounds): SheetFacts {
  const [part] = lines[0]?.statement.parts ?? []
  if (part === undefined) throw new Error('a sheet without a line')
  const { value, why, assumed } = grounds.exposure
  return {
    package: part.name,
    ecosystem: part.ecosystem,
    version: versionOf(part),
    direct: part.direct,
    path: part.path,
    copy: part.copy,
    exposure: { is: value, why, assumed },
    sheet: lines.slice(0, maxLines).map(lineOf),
    candidates: next.choice.candidates.slice(0, maxCandidates).map((one) => ({
      version: one.version,
      closes: one.closes,
      leaves: one.leaves,
      obtainable: next.notAsked === null ? 'yes' : 'not-checked',
      engines: one.engines,
      raisesFloor: one.raisesFloor,
      changesLineage: one.changesLineage,
      deprecated: one.deprecated,
      deprecation: one.deprecation,
      installScripts: one.installScripts,
      publishedAt: one.publishedAt,
      dateDoubted: one.dates.trusted ? null : one.dates.why,
      provenance: one.provenance.state,
      provenanceWhy: one.provenance.why,
      signature: one.signature.state,
      signatureWhy: one.signature.why,
      losesProvenance: one.losesProvenance,
      addsInstallScripts: one.addsInstallScripts,
      tooYoung: one.tooYoung,
      blocked: one.blocked,
      toolSurface: one.toolSurface,
    })),
    mitigations: mitigationsFor(grounds, part),
  }
}

function lineOf({ statement, due, knownSince, why, evidenceFirst }: Line): SheetLine {
  const { record } = statement.advisory
  return {
    advisory: record.id,
    name: callName(record),
    severity: record.severity,
    says: record.summary,
    conflicts: record.conflicts.map(({ field, values }) => ({ field, values: values.map((one) => ({ ...one })) })),
    state: statement.state,
    why: statement.why,
    fixedIn: named(statement.parts[0].ecosystem, statement.advisory),
    knownSince,
    due: due?.at ?? null,
    dueWhy: why,
    evidenceFirst,
  }
}
