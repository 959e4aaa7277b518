import type { Facts, Seen } from '@upkeep/contract'
import { maintainersAt } from '@upkeep/domain/dependency-health/maintainers'
import { newestPublication } from '@upkeep/domain/versions/published-dates'
import { judgeHands } from './judge-hands.ts'
import { type BroughtAlong, judgeParts } from './judge-parts.ts'
import { called, decision, emptyPart, type Package, type Part } from './part.ts'

type Packument = Facts<'registry'>['packages'][number]
interface Limits {
  at: string
  abandonedAfterDays: number
  newHandsForDays: number
}

const dayMs = 86_400_000

/** Whether the packages are still cared for, and by the same people: one by one what the entry starts, together what it brings along. */
export function judgeUpkeep(packages: readonly Package[], registry: Seen<'registry'>, limits: Limits): Part {
  const part = emptyPart()
  // Why there is no registry is said once, with the integrity.
  if (registry.state !== 'seen') return part
  const listed = new Map(registry.facts.packages.map((one) => [one.name, one]))
  const carries = carriesMarks(registry.facts.packages)
  const parts: BroughtAlong[] = []
  const judged = new Set<string>()
  for (const one of packages) {
    const packument = listed.get(one.name)
    if (judged.has(called(one)) || (packument === undefined && !one.direct)) continue
    judged.add(called(one))
    if (packument === undefined) part.unknowns.push(`${one.name}: ${notAsked(one.name, registry.facts)}`)
    else if (packument.state === 'absent')
      part.unknowns.push(`${one.name}: the registry does not have it, so nobody says how it is cared for`)
    else if (one.direct) judgeOne(one, packument, { ...limits, carries }, part)
    else parts.push({ one, packument })
  }
  for (const { one, packument } of parts) judgeHands(one, packument, limits, part)
  judgeParts(parts, { ...limits, carries }, part)
  part.notCovered.push(...agesOf(registry.facts.packages))
  return part
}

function notAsked(name: string, { failed }: Facts<'registry'>): string {
  return failed.find((one) => one.name === name)?.reason ?? 'the registry was not asked about it'
}

/** Answers that were not given just now are said to be old, by the oldest of them. */
function agesOf(packuments: readonly Packument[]): string[] {
  const kept = packuments.flatMap(({ keptSince }) => keptSince ?? []).sort()
  const [oldest] = kept
  return oldest === undefined
    ? []
    : [`what the registry says of ${kept.length} packages is kept from earlier, the oldest of ${oldest.slice(0, 10)}`]
}

/** Whether this registry passes on what makers and npm add to a package. One that never does says nothing by its silence. */
function carriesMarks(packuments: readonly Packument[]): boolean {
  return packuments.some(({ versions }) => versions.some((one) => one.signed === true || one.deprecated))
}

function judgeOne(one: Package, packument: Packument, limits: Limits & { carries: boolean }, part: Part): void {
  judgeAbandoned(one, packument, limits, part)
  if (!judgeHands(one, packument, limits, part)) judgeMaintainers(one, packument, part)
}

function judgeAbandoned(one: Package, packument: Packument, limits: Limits & { carries: boolean }, part: Part): void {
  const published = packument.versions.find((each) => each.version === one.version)
  const newest = newestPublication(packument.versions)
  const ageDays = newest === null ? null : Math.floor((Date.parse(limits.at) - Date.parse(newest.at)) / dayMs)
  const isOld = ageDays !== null && ageDays > limits.abandonedAfterDays
  if (published?.deprecated || isOld) {
    part.decided.push(decision('abandoned', one.name))
    part.findings.push(abandoned(one, published?.deprecated ?? false, newest?.at ?? null))
    return
  }
  const gaps: string[] = []
  if (!limits.carries) gaps.push(`deprecation of ${called(one)}: unavailable from this registry`)
  const doubt = packument.datesDoubted ?? (newest?.trusted === true ? null : untrusted)
  if (newest === null) gaps.push(`last publication of ${one.name}: unavailable from this registry`)
  else if (doubt !== null) gaps.push(`last publication of ${one.name}: ${doubt}`)
  part.unknowns.push(...gaps)
  if (gaps.length > 0) return
  part.decided.push(decision('abandoned', one.name))
  part.passes.push(`${one.name} is not deprecated and was published within ${limits.abandonedAfterDays} days`)
}

const untrusted = 'the dates of this registry look like those of its own copying'

function abandoned(one: Package, deprecated: boolean, newestPublishedAt: string | null): Part['findings'][number] {
  return {
    rule: 'abandoned',
    ...(deprecated ? { severity: 'medium' as const } : {}),
    facts: { package: one.name, version: one.version, deprecated, newestPublishedAt },
    summary: deprecated
      ? `${called(one)} is marked as deprecated by its maker`
      : `no version of ${one.name} was published since ${newestPublishedAt?.slice(0, 10)}`,
    action: 'Look for the successor that its maker names, or for another server that does the same.',
  }
}

function judgeMaintainers(one: Package, packument: Packument, part: Part): void {
  const people = one.version === null ? null : maintainersAt(packument, one.version)
  if (people === null || one.version === null) {
    part.unknowns.push(`maintainers of ${called(one)}: unavailable from this registry`)
    return
  }
  part.decided.push(decision('maintainer-change', one.name))
  if (people.former.some((name) => people.present.includes(name))) {
    part.passes.push(`someone who could publish ${called(one)} still can`)
    return
  }
  part.findings.push({
    rule: 'maintainer-change',
    facts: { package: one.name, version: one.version, former: [...people.former], present: [...people.present] },
    summary: `none of the ${people.former.length} who could publish ${called(one)} is among the ${people.present.length} who can now`,
    action: `Stay on ${one.version} until someone has read what changed since.`,
  })
}
