import type { Facts, Seen } from '@upkeep/contract'
import { called, decision, emptyPart, namesIn, type Package, type Part } from './part.ts'

type Published = Facts<'registry'>['packages'][number]['versions'][number]

/** Whether each package is the one that npm recorded, and that one the one that the registry publishes. */
export function judgeIntegrity(packages: readonly Package[], registry: Seen<'registry'>): Part {
  const part = emptyPart()
  const published = publishedBy(registry)
  const tally: Tally = { same: [], alone: [], unrecorded: [] }
  for (const one of packages) {
    if (one.recorded?.from === 'link' || judgeRecord(one, part)) continue
    const installed = one.recorded?.integrity ?? null
    const expected = published.get(`${one.name}@${one.version}`)?.integrity ?? null
    if (installed === null) tally.unrecorded.push(one.name)
    else if (expected === null) tally.alone.push(one.name)
    else if (judgeAgainstRegistry(one, { installed, expected }, part)) tally.same.push(called(one))
  }
  return withTally(part, tally, packages.length, registry)
}

/** Packages that are as published, those of which only npm's record is known, and those of which not even that is. */
interface Tally {
  same: string[]
  alone: string[]
  unrecorded: string[]
}

function withTally(part: Part, { same, alone, unrecorded }: Tally, all: number, registry: Seen<'registry'>): Part {
  const [first] = namesIn(unrecorded)
  if (first !== undefined)
    part.unknowns.push(`integrity of ${unrecorded.length} of ${all} packages: npm left no record of it here (${first})`)
  if (same.length > 0) part.passes.push(`as the registry publishes it: ${namesIn(same).join(', ')}`)
  if (registry.state !== 'seen') part.unknowns.push(`nothing was held against a registry: ${registry.reason}`)
  else if (alone.length > 0) withAlone(part, alone, registry.facts)
  return part
}

/** A registry that was asked and did not answer leaves a gap; what nobody meant to ask about is only named. */
function withAlone(part: Part, alone: readonly string[], { asked, failed }: Facts<'registry'>): void {
  const reasons = new Map(failed.map((one) => [one.name, one.reason]))
  const first = alone.find((name) => reasons.has(name))
  if (asked === 'live' && first !== undefined)
    part.unknowns.push(
      `integrity of ${alone.length} packages: the registry said nothing of them (${first}: ${reasons.get(first)})`,
    )
  else
    part.notCovered.push(
      `${alone.length} packages that the registry was not asked about: npm's own record is all there is`,
    )
}

function publishedBy(registry: Seen<'registry'>): Map<string, Published> {
  const found = new Map<string, Published>()
  if (registry.state !== 'seen') return found
  for (const { name, versions } of registry.facts.packages)
    for (const one of versions) found.set(`${name}@${one.version}`, one)
  return found
}

/** True when the place holds another version than npm put there. */
function judgeRecord(one: Package, part: Part): boolean {
  const recorded = one.recorded?.version ?? null
  if (recorded === null || one.version === null) return false
  part.decided.push(decision('integrity-mismatch', `${one.name} npm-record`))
  if (recorded === one.version) return false
  part.findings.push({
    rule: 'integrity-mismatch',
    facts: { ...placeOf(one), compared: 'npm-record', installed: one.version, expected: recorded },
    summary: `${one.path} says that it is ${one.version}; npm installed ${recorded} there`,
    action:
      'Do not start it. Delete the copy and install it anew; keep a copy aside if you want to know who wrote there.',
  })
  return true
}

/** True when both speak of the same bytes. */
function judgeAgainstRegistry(one: Package, sums: { installed: string; expected: string }, part: Part): boolean {
  const same = agree(sums.installed, sums.expected)
  if (same === null) {
    part.unknowns.push(`integrity of ${called(one)}: npm and the registry name it by different algorithms`)
    return false
  }
  part.decided.push(decision('integrity-mismatch', `${one.name} registry`))
  if (same) return true
  part.findings.push({
    rule: 'integrity-mismatch',
    facts: { ...placeOf(one), compared: 'registry', ...sums },
    summary: `${called(one)}: the package that was installed is not the one that the registry publishes under that version`,
    action: 'Do not start it. Compare both packages, ask the maker, and replace the credentials that it could read.',
  })
  return false
}

/** Whether two lists of digests name the same bytes, by the strongest algorithm that is in both; null when there is none. */
function agree(a: string, b: string): boolean | null {
  for (const algorithm of ['sha512-', 'sha384-', 'sha256-', 'sha1-']) {
    const [left, right] = [a, b].map((text) => text.split(' ').filter((sum) => sum.startsWith(algorithm)))
    if (left?.length && right?.length) return left.some((sum) => right.includes(sum))
  }
  return null
}

function placeOf(one: Package): { package: string; version: string | null; path: string; copy: string } {
  return { package: one.name, version: one.version, path: one.path, copy: one.copy }
}

/** Which packages run something when they are installed. */
export function judgeInstallScripts(packages: readonly Package[], allowed: readonly string[]): Part {
  const part = emptyPart()
  const running = new Map<string, Package>()
  for (const one of packages) {
    part.decided.push(decision('install-scripts', one.name))
    if (one.installScripts.length > 0 && !allowed.includes(one.name))
      running.set(one.name, running.get(one.name) ?? one)
  }
  for (const one of running.values()) {
    part.findings.push({
      rule: 'install-scripts',
      facts: { ...placeOf(one), scripts: one.installScripts },
      summary: `${called(one)} runs ${one.installScripts.join(', ')} when it is installed`,
      action: `Read the scripts in ${one.copy}/${one.path}, then allow the package under allowedInstallScripts.`,
    })
  }
  if (running.size === 0 && packages.length > 0)
    part.passes.push(`none of ${packages.length} packages runs a script when installed that is not allowed`)
  return part
}
