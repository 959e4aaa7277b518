import type { Facts } from '@upkeep/contract'
import { type AboutPackage, leading, sameVulnerability } from '../advisories/known-advisories.ts'
import { packageKey } from '../purl.ts'
import { judgeVersion } from '../versions/judge-version.ts'
import { knownEcosystem } from '../versions/version-order.ts'

type History = Facts<'fleet-history'>
type HistoryPackage = History['packages'][number]
type Sight = HistoryPackage['sights'][number]

/** A vulnerability or malicious package that the fleet had at some time: where, in which versions, from when to when. */
export interface PastMatch {
  advisory: AboutPackage
  ecosystem: string
  name: string
  versions: string[]
  /** One for each server: from the first sight of an affected version to the last. */
  windows: Window[]
}

/** From when to when one server had it. `lastSeenAt` null: it has it still. */
export interface Window {
  server: Sight['server']
  versions: string[]
  firstSeenAt: string
  lastSeenAt: string | null
  /** The look that found it gone: it may have been there until then. */
  goneBy?: string
  credentials: Sight['credentials']
}

/** What matching against the past found, could not tell, and showed to be clear. */
export interface PastMatching {
  matches: PastMatch[]
  unknowns: { advisory: AboutPackage; why: string }[]
  clear: { advisory: AboutPackage; why: string }[]
}

/** Judges everything that the fleet has and had by every advisory about its packages. */
export function matchPast(history: History, advisories: ReadonlyMap<string, readonly AboutPackage[]>): PastMatching {
  const matching: PastMatching = { matches: [], unknowns: [], clear: [] }
  for (const [key, group] of groupByPackage(history.packages)) {
    for (const advisory of advisories.get(key) ?? []) judgeGroup(matching, advisory, group)
    matching.matches = mergeAliases(matching.matches)
  }
  return matching
}

/** Several records about one vulnerability of one package are one match. */
function mergeAliases(matches: readonly PastMatch[]): PastMatch[] {
  const merged: PastMatch[] = []
  for (const match of matches) {
    const at = merged.findIndex((one) => isSame(one, match))
    const known = merged[at]
    if (known === undefined) merged.push(match)
    else if (leading(match.advisory.record, known.advisory.record) === match.advisory.record) merged[at] = match
  }
  return merged
}

function isSame(one: PastMatch, other: PastMatch): boolean {
  const [a, b] = [one.advisory.record, other.advisory.record]
  const samePackage = packageKey(one.ecosystem, one.name) === packageKey(other.ecosystem, other.name)
  return samePackage && a.malicious === b.malicious && sameVulnerability(a, b)
}

type Group = [HistoryPackage, ...HistoryPackage[]]

function groupByPackage(packages: readonly HistoryPackage[]): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const one of packages) {
    const key = packageKey(one.ecosystem, one.name)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

function judgeGroup(matching: PastMatching, advisory: AboutPackage, group: Group): void {
  const [{ ecosystem, name }] = group
  const windows = new Map<string, Window>()
  const versions = new Set<string>()
  const unknown = new Set<string>()
  for (const one of withoutDoubles(group)) {
    const state = judge(advisory, one)
    if (state === 'clear') continue
    if (state === 'unknown') {
      unknown.add(one.version ?? 'of a version that is not known')
      continue
    }
    const version = one.version ?? 'any'
    versions.add(version)
    for (const sight of one.sights) widen(windows, sight, version)
  }
  const had = group.flatMap((one) => one.version ?? []).join(', ')
  if (versions.size > 0) {
    matching.matches.push({ advisory, ecosystem, name, versions: [...versions], windows: [...windows.values()] })
  } else if (unknown.size > 0) {
    matching.unknowns.push({
      advisory,
      why: `${name} ${[...unknown].join(', ')} cannot be compared with what it names`,
    })
  } else {
    matching.clear.push({ advisory, why: `${name} was here only as ${had}, outside what it names` })
  }
}

/** An entry that names no version is left out where the version that it came to was seen. */
function withoutDoubles(group: Group): HistoryPackage[] {
  const known = new Set(
    group.flatMap((one) => (one.version === null ? [] : one.sights.map((sight) => sight.server.id))),
  )
  return group.flatMap((one) => {
    if (one.version !== null) return [one]
    const sights = one.sights.filter((sight) => !known.has(sight.server.id))
    return sights.length === 0 ? [] : [{ ...one, sights }]
  })
}

function judge({ affected }: AboutPackage, one: HistoryPackage): 'affected' | 'clear' | 'unknown' {
  const ecosystem = knownEcosystem(one.ecosystem)
  if (ecosystem === null) return 'unknown'
  if (one.version !== null) return judgeVersion(ecosystem, one.version, affected).state
  return affected.some(namesEveryVersion) ? 'affected' : 'unknown'
}

function namesEveryVersion({ ranges }: AboutPackage['affected'][number]): boolean {
  return ranges.some(({ type, events }) => type !== 'GIT' && events.length > 0 && events.every(opensAll))
}

function opensAll(event: AboutPackage['affected'][number]['ranges'][number]['events'][number]): boolean {
  const closes = event.fixed ?? event.lastAffected ?? event.limit
  return event.introduced === '0' && closes === undefined
}

function widen(windows: Map<string, Window>, sight: Sight, version: string): void {
  const before = windows.get(sight.server.id)
  const { server, firstSeenAt, lastSeenAt, goneBy, credentials } = sight
  if (before === undefined) {
    const end = { lastSeenAt, ...(goneBy !== undefined && { goneBy }) }
    windows.set(server.id, { server, versions: [version], firstSeenAt, ...end, credentials: [...credentials] })
    return
  }
  before.versions.push(version)
  if (firstSeenAt < before.firstSeenAt) before.firstSeenAt = firstSeenAt
  if (before.lastSeenAt !== null && (lastSeenAt === null || lastSeenAt > before.lastSeenAt)) {
    before.lastSeenAt = lastSeenAt
    delete before.goneBy
    if (goneBy !== undefined) before.goneBy = goneBy
  }
  const known = new Set(before.credentials.map((one) => `${one.where} ${one.kind}`))
  before.credentials.push(...credentials.filter((one) => !known.has(`${one.where} ${one.kind}`)))
}
