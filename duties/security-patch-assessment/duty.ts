import { type AssessInput, type Assessment, defineDuty, need, optional } from '@upkeep/contract'
import { foreignUnknowns, withBundled } from '@upkeep/domain/advisories/bundled-parts'
import { coverageOf, describeFeed } from '@upkeep/domain/advisories/feed-coverage'
import { type Judged, partsToJudge } from '@upkeep/domain/advisories/judged-copies'
import { type AboutPackage, byPackage, callName } from '@upkeep/domain/advisories/known-advisories'
import type { KnownPart } from '@upkeep/domain/advisories/match-parts'
import { packageKey } from '@upkeep/domain/purl'
import { exposureOf } from '@upkeep/domain/urgency/server-exposure'
import { type VexStatement, vexStatements } from '@upkeep/domain/vex/vex-statements'
import { z } from 'zod'
import { assessPackage, type SheetGrounds } from './assess-package.ts'
import { canClear } from './can-clear.ts'
import { type Rules, rules } from './rules.ts'

const needs = {
  declared: need('declared-server'),
  resolved: need('resolved-package'),
  advisories: need('advisories'),
  bundled: optional('bundled-code'),
  registry: optional('registry'),
  listener: optional('listener'),
  endpoint: optional('endpoint'),
  table: optional('urgency-table'),
  history: optional('fleet-history'),
}
const params = z.object({
  maxFeedAgeDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(35)
    .describe('How old the newest record of a whole feed may be before its silence counts for nothing'),
  minimumAgeDays: z
    .int()
    .min(0)
    .max(365)
    .default(3)
    .describe('How long a version should have been published before it is taken, where an older one does as well'),
})
type Input = AssessInput<typeof needs, z.infer<typeof params>>
type Said = Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'>

const notCovered = [
  'whether the vulnerable code is reached: a version in an affected range counts as exploitable',
  'malicious packages: no version of them is a patch, and vulnerability-scanning says what to do',
]

export const securityPatchAssessment = defineDuty({
  id: 'security-patch-assessment',
  version: 2,
  heading: 'Weekly Maintenance',
  title: 'Security Patch Assessment',
  summary:
    'Decides for each vulnerable package what to go to, by when and why then, and what to do where no fixed version can be had.',
  cadence: 'weekly',
  scope: 'server',
  adoptedBy: ['solo', 'team', 'enterprise'],
  needs,
  params,
  rules,
  assess(input): Assessment<Rules> {
    const { declared } = input.seen
    const nothing = { findings: [], unknowns: [], passes: [], notCovered }
    if (declared.state === 'unavailable') return nothing
    if (declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    const judged = withBundled(partsToJudge(declared.facts.launch, input.seen.resolved), input.seen.bundled)
    if (judged.notApplicable !== null) return { ...nothing, notApplicable: judged.notApplicable }
    return { ...assessTree(input, judged), notCovered }
  },
  canClear: (finding, { seen }) => canClear(finding, seen),
})

function assessTree(input: Input, judged: Judged): Said {
  const { advisories } = input.seen
  if (advisories.state === 'unavailable') return { findings: [], passes: [], unknowns: judged.unknowns }
  if (advisories.state === 'absent')
    return { findings: [], passes: [], unknowns: [...judged.unknowns, `advisories: ${advisories.reason}`] }
  const index = patchable(byPackage(advisories.facts.records))
  const statements = vexStatements(knownParts(judged), index)
  const findings = byPackageOf(statements).flatMap((group) => assessGroup(input, group, index))
  const coverage = coverageOf(advisories.facts.feeds, ecosystemsOf(judged), { at: input.at, ...input.params })
  const inTriage = statements.filter((one) => one.state === 'in_triage').map(lineOf)
  const unknowns = [...judged.unknowns, ...inTriage, ...foreignUnknowns(judged.foreign, index), ...coverage.unknowns]
  const clean = findings.length === 0 && unknowns.length === 0 && judged.whole && judged.parts.length > 0
  const feeds = coverage.whole.map(describeFeed).join(' and ')
  return {
    findings,
    unknowns: [...unknowns, ...withoutDates(findings)],
    passes: [...(clean ? [`nothing to patch, by ${feeds}`] : []), ...notAffected(statements)],
  }
}

/** A finding that has no date says so beside it: by when is then not known. */
function withoutDates(findings: Said['findings']): string[] {
  const reasons = findings.flatMap((one) =>
    one.facts.sheet.flatMap((line) => (line.knownSince === null ? line.dueWhy : [])),
  )
  return [...new Set(reasons)]
}

function patchable(index: ReadonlyMap<string, readonly AboutPackage[]>): Map<string, AboutPackage[]> {
  return new Map([...index].map(([key, about]) => [key, about.filter((one) => !one.record.malicious)]))
}

function knownParts({ parts }: Judged): KnownPart[] {
  return parts.flatMap((part) => (part.version === null ? [] : [{ ...part, version: part.version }]))
}

function ecosystemsOf({ parts }: Judged): string[] {
  return [...new Set(parts.map((part) => part.ecosystem))].sort()
}

type Group = [VexStatement, ...VexStatement[]]

function byPackageOf(statements: readonly VexStatement[]): Group[] {
  const groups = new Map<string, Group>()
  for (const one of statements) {
    if (one.state !== 'exploitable') continue
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
}

function keyOf({ parts: [part] }: VexStatement): string {
  return packageKey(part.ecosystem, part.name)
}

function assessGroup(input: Input, group: Group, index: ReadonlyMap<string, readonly AboutPackage[]>) {
  const { declared, registry, listener, endpoint, table, history } = input.seen
  if (declared.state !== 'seen') return []
  const grounds: SheetGrounds = {
    server: input.subject.id,
    declared: declared.facts,
    registry,
    table,
    history,
    exposure: exposureOf({ declared: declared.facts, listener, endpoint }),
    at: input.at,
    minimumAgeDays: input.params.minimumAgeDays,
  }
  return assessPackage(group, index.get(keyOf(group[0])) ?? [], grounds)
}

function lineOf({ advisory, why }: VexStatement): string {
  return `whether ${callName(advisory.record)} applies cannot be judged: ${why}`
}

const maxLines = 20

function notAffected(statements: readonly VexStatement[]): string[] {
  const lines = statements
    .filter((one) => one.state === 'not_affected' || one.state === 'resolved')
    .map((one) => `${callName(one.advisory.record)} does not apply (${one.state}): ${one.why}`)
  const more = lines.length - maxLines
  return more <= 0 ? lines : [...lines.slice(0, maxLines), `and ${more} more advisories that do not apply`]
}
