import { type Ecosystem, lineageOrder, placeVersion } from './version-order.ts'

/** A version with the day that its registry gives for its publication. */
export interface DatedVersion {
  version: string
  publishedAt?: string | null | undefined
}

/** Whether a registry's dates of publication can be believed. A mirror often gives the day on which it copied. */
export type DateTrust = { trusted: true } | { trusted: false; why: string }

const dayMs = 86_400_000
const apartDays = 45
const hourMs = 3_600_000
/** A mirror that fetches a package stamps all its versions within days; people take longer than this over three. */
const mirroredWithinDays = 3
const fewestApart = 3
/** Fewer versions than this prove nothing by standing together. */
const fewest = 4

/**
 * Looks for what speaks against a registry's dates: a version that carries another date in its own number, many versions of one hour, all
 * of a few days, and later versions that are said to be older. That nothing does is no proof.
 */
export function judgeDates(ecosystem: Ecosystem, versions: readonly DatedVersion[]): DateTrust {
  const dated = versions.flatMap(({ version, publishedAt }) => {
    const at = Date.parse(publishedAt ?? '')
    return Number.isNaN(at) ? [] : [{ version, at }]
  })
  if (dated.length === 0) return { trusted: false, why: 'the registry gives no date of publication' }
  const lying = dated.find(({ version, at }) => Math.abs(at - (ownDate(ecosystem, version) ?? at)) > apartDays * dayMs)
  if (lying !== undefined) {
    const day = new Date(lying.at).toISOString().slice(0, 10)
    return { trusted: false, why: `the registry says that ${lying.version} is of ${day}` }
  }
  const together = largestHour(dated.map((one) => one.at))
  if (dated.length >= fewest && together * 2 > dated.length) {
    return { trusted: false, why: `${together} of ${dated.length} versions are said to be of one hour` }
  }
  const days = spreadDays(dated.map((one) => one.at))
  if (dated.length >= fewestApart && days <= mirroredWithinDays) {
    return { trusted: false, why: `all ${dated.length} versions are said to be of ${mirroredWithinDays} days` }
  }
  const turned = turnedAround(ecosystem, dated)
  if (turned !== null) return { trusted: false, why: turned }
  return { trusted: true }
}

/**
 * When a package was last published, as its registry says. Where that is not to be believed, the date can only be later than the true one: an
 * old one is still a proof of age, and a young one is a proof of nothing. So it is where fewer than three versions are dated, or not all.
 */
export function newestPublication(versions: readonly DatedVersion[]): { at: string; trusted: boolean } | null {
  const times = versions.map((one) => Date.parse(one.publishedAt ?? '')).filter((at) => !Number.isNaN(at))
  if (times.length === 0) return null
  const newest = times.reduce((a, b) => Math.max(a, b))
  const isWhole = times.length === versions.length && times.length >= fewestApart
  return { at: new Date(newest).toISOString(), trusted: isWhole && judgeDates('npm', versions).trusted }
}

function spreadDays(times: readonly number[]): number {
  return (times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b))) / dayMs
}

const dateShape = /^(20\d{2})\.(\d{1,2})\.(\d{1,2})(?!\d)/

/** The day that a dated version carries in its own number. */
function ownDate(ecosystem: Ecosystem, version: string): number | null {
  if (placeVersion(ecosystem, version)?.lineage !== 'dated') return null
  const parts = dateShape.exec(version)
  if (parts === null) return null
  const [, year, month = '', day = ''] = parts
  const at = Date.parse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T00:00:00.000Z`)
  return Number.isNaN(at) ? null : at
}

function largestHour(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  let most = 0
  let from = 0
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[from] ?? at) > hourMs) from += 1
    most = Math.max(most, index - from + 1)
  }
  return most
}

/** Half or more of neighbouring versions the wrong way round: fixes for old lines turn a few, not that many. */
function turnedAround(ecosystem: Ecosystem, dated: readonly { version: string; at: number }[]): string | null {
  const placed = dated.flatMap((one) => {
    const version = placeVersion(ecosystem, one.version)
    return version === null || version.prerelease ? [] : [{ ...one, version }]
  })
  const lineages = ['numbered', 'dated'] as const
  const pairs = lineages.flatMap((lineage) => {
    const line = placed.filter((one) => one.version.lineage === lineage)
    line.sort((a, b) => lineageOrder(a.version, b.version) ?? 0)
    return line.slice(1).map((one, index) => one.at - (line[index]?.at ?? one.at))
  })
  const wrong = pairs.filter((apart) => apart < -dayMs).length
  if (pairs.length < fewest || wrong * 2 < pairs.length) return null
  return `${wrong} of ${pairs.length} later versions are said to be older`
}
