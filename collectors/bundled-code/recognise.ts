import type { PackageFingerprints } from '@upkeep/domain/bundled-code/fingerprints'
import { type BundledMatch, hashesOf, matchHashes } from '@upkeep/domain/bundled-code/match-fingerprints'
import { scriptWords } from '@upkeep/domain/bundled-code/script-words'

/**
 * The packages recognised in one script. Of packages that share code only the one that fits best counts. A file without the texts that
 * any usable part of a package has is not taken apart.
 */
export function recognise(text: string, packages: readonly PackageFingerprints[]): BundledMatch[] {
  const candidates = packages.filter((known) => known.gates.every((gate) => text.includes(gate)))
  if (candidates.length === 0) return []
  const hashes = hashesOf(scriptWords(text))
  const best = new Map<string, BundledMatch>()
  for (const known of candidates) {
    const match = matchHashes(hashes, known)
    const rival = best.get(known.family)
    if (match !== null && (rival === undefined || fitsBetter(match, rival))) best.set(known.family, match)
  }
  return [...best.values()]
}

function fitsBetter(a: BundledMatch, b: BundledMatch): boolean {
  return a.found.against - a.found.words / 1_000 < b.found.against - b.found.words / 1_000
}
