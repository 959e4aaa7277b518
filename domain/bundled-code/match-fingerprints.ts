import { type FingerprintUnit, inSpans, type PackageFingerprints, wordHash } from './fingerprints.ts'

/** A package found inside a file. */
export interface BundledMatch {
  ecosystem: 'npm'
  name: string
  /** Every version that has all that was found and lacks nothing that must go with it; empty when no published one does. */
  versions: string[]
  /** The published versions that differ least. The same as `versions` where there are any. */
  nearest: string[]
  /** How sure it is that this package is in the file, 0 to 1. */
  confidence: number
  /** Units found, of those known; words that speak against the nearest version. */
  found: { units: number; words: number; against: number }
}

/** A unit counts as found when this share of one of its forms is there. */
const enough = 0.85
const leastOwn = 2
/** Below these a file only speaks the same protocol. */
const least = { units: 3, tells: 12 }

interface Present {
  unit: FingerprintUnit
  /** Words missing, by the index of the form. */
  missing: number[]
  size: number
}

/** What the words of one file say of one package. Null when it is not in there. */
export function matchFingerprints(words: ReadonlySet<string>, known: PackageFingerprints): BundledMatch | null {
  return matchHashes(hashesOf(words), known)
}

/** The hashes of a file's words, made once for all packages. */
export function hashesOf(words: ReadonlySet<string>): Set<string> {
  const hashes = new Set<string>()
  for (const word of words) hashes.add(wordHash(word))
  return hashes
}

/** As `matchFingerprints`, from hashes. */
export function matchHashes(hashes: ReadonlySet<string>, known: PackageFingerprints): BundledMatch | null {
  const seen = known.words.map((hash) => hashes.has(hash))
  const tells = known.tells.filter((tell) => seen[tell.word])
  if (tells.length < least.tells) return null
  const present = known.units.flatMap((unit) => presentUnit(unit, seen))
  if (present.length < least.units) return null
  const against = known.versions.map(
    (_version, index) =>
      present.reduce((sum, one) => sum + missingIn(one, index), 0) +
      tells.filter((tell) => !inSpans(tell.versions, index)).length,
  )
  const fewest = Math.min(...against)
  const nearest = known.versions.filter((_version, index) => against[index] === fewest)
  const total = present.reduce((sum, one) => sum + one.size, 0)
  return {
    ecosystem: known.ecosystem,
    name: known.name,
    versions: fewest === 0 ? nearest : [],
    nearest,
    confidence: confidenceOf(present.length, total, fewest),
    found: { units: present.length, words: total, against: fewest },
  }
}

/** Whether a unit is there is judged by the form that fits best, and by the words that only this unit has: others may be someone else's. */
function presentUnit(unit: FingerprintUnit, seen: readonly boolean[]): Present[] {
  const missing = unit.forms.map((form) => form.words.filter((word) => !seen[word]).length)
  const shares = unit.forms.map((form, index) => 1 - (missing[index] ?? 0) / form.words.length)
  const best = Math.max(...shares)
  const words = unit.forms[shares.indexOf(best)]?.words ?? []
  const own = new Set(unit.own)
  const particular = words.filter((word) => own.has(word))
  const found = particular.filter((word) => seen[word]).length
  const isThere = best >= enough && found >= leastOwn && found / particular.length >= enough
  return isThere ? [{ unit, missing, size: words.length }] : []
}

/** A version without the unit lacks all of it. */
function missingIn({ unit, missing, size }: Present, version: number): number {
  const form = unit.forms.findIndex((one) => inSpans(one.versions, version))
  return form === -1 ? size : (missing[form] ?? size)
}

function confidenceOf(units: number, words: number, against: number): number {
  const fit = words / (words + 4 * against)
  const weight = 1 - 1 / (1 + units)
  return Math.round(fit * weight * 100) / 100
}
