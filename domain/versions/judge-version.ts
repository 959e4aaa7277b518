import { type AffectedRange, hasFixOf, sayOfRange } from './affected-range.ts'
import { type Ecosystem, type Lineage, placeVersion } from './version-order.ts'

/** What one advisory says of one package: ranges, and versions by name. */
export interface AffectedVersions {
  ranges: readonly AffectedRange[]
  versions: readonly string[]
}

/** Whether an advisory holds for a version. `unknown` is a comparison that cannot be made, which is never clean. */
export interface Judgement {
  state: 'affected' | 'clear' | 'unknown'
  why: string
}

/**
 * Judges one version by everything an advisory says of its package. A version is put inside or outside only by comparisons within its own
 * lineage; an advisory that names no version of that lineage leaves it unknown.
 */
export function judgeVersion(ecosystem: Ecosystem, text: string, affected: readonly AffectedVersions[]): Judgement {
  const listed = affected.flatMap((entry) => entry.versions)
  if (isListed(ecosystem, text, listed)) return { state: 'affected', why: `${text} is listed by name` }
  const ranges = affected.flatMap((entry) => entry.ranges)
  const comparable = ranges.filter((range) => range.type !== 'GIT')
  if (comparable.length === 0) return judgeByList(text, listed)
  const version = placeVersion(ecosystem, text)
  if (version === null) return unknown(`${text} is not a version that ${ecosystem} can order`)
  const words = comparable.map((range) => sayOfRange(version, range))
  if (words.includes('inside')) return { state: 'affected', why: `${text} lies in an affected range` }
  if (words.includes('unreadable')) return unknown(`a range has a version that ${ecosystem} cannot order`)
  if (words.includes('unclear')) return unknown(`a range opens in another line of versions than ${text} is of`)
  if (words.includes('outside') || namesLineage(ecosystem, listed, version.lineage)) {
    return { state: 'clear', why: `${text} lies outside every affected range of its line of versions` }
  }
  return unknown(`it speaks of another line of versions than ${text} is of: the two cannot be compared`)
}

/**
 * Whether a version that an advisory does not hold for has its fix: it came after a version named as fixed. One that came before the code,
 * or that a list of versions leaves out, has none.
 */
export function hasFix(ecosystem: Ecosystem, text: string, affected: readonly AffectedVersions[]): boolean {
  const version = placeVersion(ecosystem, text)
  if (version === null || judgeVersion(ecosystem, text, affected).state !== 'clear') return false
  return affected.some((entry) => entry.ranges.some((range) => hasFixOf(version, range)))
}

function judgeByList(text: string, listed: readonly string[]): Judgement {
  if (listed.length === 0) return unknown('it names no version that can be compared')
  return { state: 'clear', why: `${text} is not among the ${listed.length} versions listed` }
}

function isListed(ecosystem: Ecosystem, text: string, listed: readonly string[]): boolean {
  if (listed.includes(text)) return true
  const normal = placeVersion(ecosystem, text)?.text
  if (normal === undefined) return false
  return listed.some((one) => placeVersion(ecosystem, one)?.text === normal)
}

function namesLineage(ecosystem: Ecosystem, listed: readonly string[], lineage: Lineage): boolean {
  return listed.some((one) => placeVersion(ecosystem, one)?.lineage === lineage)
}

function unknown(why: string): Judgement {
  return { state: 'unknown', why }
}

/** The versions that an advisory names as fixed, as written, each once. */
export function fixesNamed(affected: readonly AffectedVersions[]): string[] {
  const comparable = affected.flatMap((entry) => entry.ranges).filter((range) => range.type !== 'GIT')
  const fixes = comparable.flatMap((range) => range.events.flatMap((event) => event.fixed ?? []))
  return [...new Set(fixes)]
}
