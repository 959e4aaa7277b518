import { type Ecosystem, type Lineage, lineageOrder, type PlacedVersion, placeVersion } from './version-order.ts'

/** One event list, as an OSV record has it. */
export interface AffectedRange {
  type: 'SEMVER' | 'ECOSYSTEM' | 'GIT'
  events: readonly {
    introduced?: string | undefined
    fixed?: string | undefined
    lastAffected?: string | undefined
    limit?: string | undefined
  }[]
}

/**
 * What a range says of one version. `silent`: it names no version of that lineage. `unclear`: it does, but what it says of this one rests
 * on an event of another lineage. `unreadable`: an event of it cannot be placed.
 */
export type RangeWord = 'inside' | 'outside' | 'silent' | 'unclear' | 'unreadable'

type Kind = 'introduced' | 'fixed' | 'lastAffected' | 'limit'
interface Bound {
  kind: Kind
  version: PlacedVersion
}
interface Bounds {
  bounds: Bound[]
  /** The event `introduced: "0"`, which stands before every version. */
  fromStart: boolean
}

/**
 * What a range says of one version by the events of that version's own lineage, in whatever order they are listed. Events of another
 * lineage neither put it inside nor outside: 2.0.1 is not older than 2025.7.1.
 */
export function sayOfRange(version: PlacedVersion, range: AffectedRange): RangeWord {
  if (range.type === 'GIT') return 'silent'
  const read = readBounds(version.ecosystem, range)
  if (read === null) return 'unreadable'
  const own = read.bounds.filter((bound) => bound.version.lineage === version.lineage).sort(byVersion)
  if (own.length === 0) return read.bounds.length === 0 && read.fromStart ? 'inside' : 'silent'
  if (beyondLimits(version, own)) return 'outside'
  return walk(version, own, stateAtStart(own, read))
}

/** Whether a version has a range's fix: the last thing that the range says before it is that it was fixed. */
export function hasFixOf(version: PlacedVersion, range: AffectedRange): boolean {
  if (sayOfRange(version, range) !== 'outside') return false
  const own = (readBounds(version.ecosystem, range)?.bounds ?? []).filter((one) => one.kind !== 'limit')
  const reached = own
    .filter((one) => one.version.lineage === version.lineage && (lineageOrder(version, one.version) ?? -1) >= 0)
    .sort(byVersion)
  return reached.at(-1)?.kind === 'fixed'
}

function readBounds(ecosystem: Ecosystem, range: AffectedRange): Bounds | null {
  const bounds: Bound[] = []
  let fromStart = false
  for (const event of range.events) {
    for (const kind of ['introduced', 'fixed', 'lastAffected', 'limit'] as const) {
      const text = event[kind]
      if (text === undefined || (kind === 'limit' && text === '*')) continue
      if (kind === 'introduced' && text === '0') {
        fromStart = true
        continue
      }
      const version = placeVersion(ecosystem, text)
      if (version === null) return null
      bounds.push({ kind, version })
    }
  }
  return { bounds, fromStart }
}

/** At one version: what closes before it, then what opens with it, then what closes after it. */
const order: Record<Kind, number> = { limit: 0, fixed: 1, introduced: 2, lastAffected: 3 }

function byVersion(left: Bound, right: Bound): number {
  return (lineageOrder(left.version, right.version) ?? 0) || order[left.kind] - order[right.kind]
}

function beyondLimits(version: PlacedVersion, own: readonly Bound[]): boolean {
  const limits = own.filter((bound) => bound.kind === 'limit')
  return limits.length > 0 && limits.every((limit) => (lineageOrder(version, limit.version) ?? -1) >= 0)
}

/** Whether the lineage's first versions are affected: `"0"` opens each lineage whose first event closes, or else every one named. */
function stateAtStart(own: readonly Bound[], read: Bounds): RangeWord {
  const closesFirst = isClose(own[0])
  if (read.fromStart) return closesFirst || !closesInAnother(own, read) ? 'inside' : 'outside'
  return closesFirst ? 'unclear' : 'outside'
}

function closesInAnother(own: readonly Bound[], read: Bounds): boolean {
  const lineage: Lineage | undefined = own[0]?.version.lineage
  return isClose(read.bounds.filter((bound) => bound.version.lineage !== lineage).sort(byVersion)[0])
}

function isClose(bound: Bound | undefined): boolean {
  return bound?.kind === 'fixed' || bound?.kind === 'lastAffected'
}

function walk(version: PlacedVersion, own: readonly Bound[], start: RangeWord): RangeWord {
  let word = start
  for (const bound of own) {
    const distance = lineageOrder(version, bound.version) ?? -1
    if (bound.kind === 'introduced' && distance >= 0) word = 'inside'
    if (bound.kind === 'fixed' && distance >= 0) word = 'outside'
    if (bound.kind === 'lastAffected' && distance > 0) word = 'outside'
  }
  return word
}
