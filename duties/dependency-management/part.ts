import type { Facts, FindingDraft } from '@upkeep/contract'
import type { Rules } from './rules.ts'

/** What one judge says. `decided` names each rule and thing that was really judged, so that an earlier finding may be called resolved. */
export interface Part {
  findings: FindingDraft<Rules>[]
  unknowns: string[]
  passes: string[]
  notCovered: string[]
  decided: string[]
}

export function emptyPart(): Part {
  return { findings: [], unknowns: [], passes: [], notCovered: [], decided: [] }
}

/** A rule about one thing, as `decided` names it. */
export function decision(rule: keyof Rules & string, of: string): string {
  return `${rule} ${of}`
}

export type Health = Facts<'dependency-health'>
export type Package = Health['copies'][number]['packages'][number] & { copy: string }

/** The packages to judge: of the copy that would start, or of every copy where that is not known. */
export function packagesOf(health: Health): { packages: Package[]; copies: Health['copies'] } {
  const chosen = health.copies.filter((copy) => copy.wouldRun)
  const copies = chosen.length > 0 ? chosen : health.copies
  return { copies, packages: copies.flatMap((copy) => copy.packages.map((one) => ({ ...one, copy: copy.root }))) }
}

/** How many things of one sort a line or a finding names. */
export const maxNamed = 20

/** Each name once, sorted, cut with the number of the rest. */
export function namesIn(names: readonly string[]): string[] {
  return [...new Set(names)].sort().slice(0, maxNamed)
}

/** A package for a sentence. */
export function called({ name, version }: { name: string; version: string | null }): string {
  return `${name} ${version ?? 'of unknown version'}`
}
