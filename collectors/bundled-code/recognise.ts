import type { PackageFingerprints } from '@upkeep/domain/bundled-code/fingerprints'
import { type BundledMatch, hashesOf, matchHashes } from '@upkeep/domain/bundled-code/match-fingerprints'
import { scriptWords } from '@upkeep/domain/bundled-code/script-words'

/**
 * The packages recognised in one script. Of packages that share code only those that fit best count. A file without the texts that
 * any usable part of a package has is not taken apart.
 */
export function recognise(text: string, packages: readonly PackageFingerprints[]): BundledMatch[] {
  const candidates = packages.filter((known) => known.gates.every((gate) => text.includes(gate)))
  if (candidates.length === 0) return []
  const hashes = hashesOf(scriptWords(text))
  const families = Map.groupBy(
    candidates.flatMap((known) => {
      const match = matchHashes(hashes, known)
      return match === null ? [] : [{ family: known.family, match }]
    }),
    (one) => one.family,
  )
  return [...families.values()].flatMap((found) => bestOf(found.map((one) => one.match)))
}

/** Whatever fits without a word against it is in there; where nothing does, what fits best. */
function bestOf(matches: readonly BundledMatch[]): BundledMatch[] {
  const exact = matches.filter((match) => match.found.against === 0)
  if (exact.length > 0) return exact
  return [...matches].sort((a, b) => shareAgainst(a) - shareAgainst(b)).slice(0, 1)
}

function shareAgainst({ found }: BundledMatch): number {
  return found.against / (found.words + found.against)
}
