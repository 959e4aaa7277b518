import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { Refusal } from '@upkeep/contract/ports'
import { type Search, shown } from './search.ts'

/** What a search comes to: facts, or that it could not look. */
export type Outcome = { state: 'seen'; facts: ResolvedPackage } | Refusal

/** Facts of a search. Where something could not be read and nothing was found, it is not said that nothing is there. */
export function outcome(search: Search, facts: ResolvedPackage): Outcome {
  const [first] = search.blocked
  if (first === undefined) return { state: 'seen', facts }
  const where = `${shown(first.path)}: ${first.refusal.reason}`
  if (facts.installed.length === 0) return { ...first.refusal, reason: `could not look in ${where}` }
  return {
    state: 'seen',
    facts: { ...facts, wouldRun: null, why: `${facts.why}; not certain, could not look in ${where}` },
  }
}

/** Something that this collector does not know how to look at. */
export function notSupported(reason: string): Refusal {
  return { state: 'unavailable', code: 'not-supported', reason }
}

/** A version for a sentence. */
export function versionOf(installation: Installation): string {
  return installation.version ?? 'of unknown version'
}
