import type { Facts } from '@upkeep/contract'
import type { ForeignReport } from '@upkeep/contract/observations/foreign-results'
import { packageKey } from '../purl.ts'
import { looseName } from './loose-name.ts'

type Advisory = Facts<'advisories'>['records'][number]
type Results = Pick<Facts<'foreign-results'>['results'][number], 'name' | 'tool' | 'toolVersion' | 'reports'>

/** One scanner's word on one vulnerability of one package version. */
export interface Opinion<R extends Results = Results> {
  source: R
  says: ForeignReport['says']
  severity: ForeignReport['severity']
  justification: string | null
}

/** Everything that other scanners say of one vulnerability of one package version, once, however often and under however many names. */
export interface Claim<R extends Results = Results> {
  /** Every name: theirs, and those that records at hand give it. The one that people know it by is the first. */
  ids: string[]
  ecosystem: string
  name: string
  version: string
  opinions: Opinion<R>[]
}

interface PackageVersion {
  ecosystem: string
  name: string
  version: string
}

/** What is said of these package versions, joined by name: two ids are one vulnerability when a report or a record has both. */
export function claimsAbout<R extends Results>(
  parts: readonly PackageVersion[],
  results: readonly R[],
  records: readonly Advisory[],
): Claim<R>[] {
  const reports = reportsByName(results)
  const known = namesOfRecords(records)
  const each = new Map(parts.map((part) => [versionKey(part.ecosystem, part.name, part.version), part]))
  return [...each.values()].flatMap((part) => {
    const about = (reports.get(looseName(part.name)) ?? []).filter(({ report }) => isAbout(report, part))
    return joined(about, part, known)
  })
}

/** A package version as a key; `v1.2.3` is `1.2.3`, as scanners of Go differ on it. */
export function versionKey(ecosystem: string, name: string, version: string): string {
  return `${packageKey(ecosystem, name)}@${plainVersion(version)}`
}

function plainVersion(version: string): string {
  return version.replace(/^v(?=\d)/, '')
}

interface Told<R extends Results> {
  source: R
  report: ForeignReport
}

function reportsByName<R extends Results>(results: readonly R[]): Map<string, Told<R>[]> {
  const index = new Map<string, Told<R>[]>()
  for (const source of results) {
    for (const report of source.reports) {
      const key = looseName(report.name)
      const group = index.get(key)
      if (group === undefined) index.set(key, [{ source, report }])
      else group.push({ source, report })
    }
  }
  return index
}

function isAbout(report: ForeignReport, part: PackageVersion): boolean {
  const ecosystem = report.ecosystem ?? part.ecosystem
  return versionKey(ecosystem, report.name, report.version) === versionKey(part.ecosystem, part.name, part.version)
}

function namesOfRecords(records: readonly Advisory[]): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>()
  for (const { id, aliases } of records) {
    const names = new Set([id, ...aliases].flatMap((name) => [name, ...(known.get(name) ?? [])]))
    for (const name of names) known.set(name, names)
  }
  return known
}

function joined<R extends Results>(
  told: readonly Told<R>[],
  { ecosystem, name, version }: PackageVersion,
  known: ReadonlyMap<string, ReadonlySet<string>>,
): Claim<R>[] {
  const byName = new Map<string, Claim<R>>()
  for (const { source, report } of told) {
    const { says, severity, justification } = report
    const ids = [...new Set(report.ids.flatMap((id) => [id, ...(known.get(id) ?? [])]))]
    const claim: Claim<R> = { ids, ecosystem, name, version, opinions: [{ source, says, severity, justification }] }
    const same = new Set(ids.flatMap((id) => byName.get(id) ?? []))
    const whole = [...same, claim].reduce(merged)
    // A claim that grew keeps its object: only what joined it needs a new way to it.
    for (const one of [...same, claim]) if (one !== whole) for (const id of one.ids) byName.set(id, whole)
    for (const id of ids) byName.set(id, whole)
  }
  const claims = [...new Set(byName.values())]
  return claims.map((claim) => ({
    ...claim,
    ids: bestFirst([...new Set(claim.ids)]),
    opinions: eachOnce(claim.opinions),
  }))
}

/** The larger takes the smaller in, so that many small reports about one package stay cheap. */
function merged<R extends Results>(one: Claim<R>, other: Claim<R>): Claim<R> {
  const [into, from] = one.opinions.length >= other.opinions.length ? [one, other] : [other, one]
  into.ids.push(...from.ids)
  into.opinions.push(...from.opinions)
  return into
}

/** The names that people know vulnerabilities by, before those of single databases. */
const order = ['CVE-', 'GHSA-', 'PYSEC-']

function bestFirst(ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
}

function rankOf(id: string): number {
  const rank = order.findIndex((prefix) => id.startsWith(prefix))
  return rank === -1 ? order.length : rank
}

/** A scanner that reports one thing in several files says it once; where it contradicts itself, both words stand. */
function eachOnce<R extends Results>(opinions: readonly Opinion<R>[]): Opinion<R>[] {
  return [...new Map(opinions.map((one) => [`${one.source.name} ${one.says}`, one])).values()]
}
