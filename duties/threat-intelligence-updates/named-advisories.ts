import type { Facts } from '@upkeep/contract'
import { type Coverage, describeFeed } from '@upkeep/domain/advisories/feed-coverage'
import { type AboutPackage, callName } from '@upkeep/domain/advisories/known-advisories'
import type { PastMatching } from '@upkeep/domain/history/past-matches'
import { printable } from '@upkeep/domain/printable'

/** What can be said of a vulnerability that was asked about by name. */
export type Answer = { state: 'affected' | 'not-affected' | 'unknown'; line: string }

interface Grounds {
  matching: PastMatching
  advisories: Facts<'advisories'>
  coverage: Coverage
  /** Since when the past of the fleet is known. */
  since: string | null
}

/** Answers for one vulnerability: it applies, it does not and why, or it cannot be told and why. */
export function answerFor(id: string, { matching, advisories, coverage, since }: Grounds): Answer {
  const name = printable(id)
  const bears = ({ advisory }: { advisory: AboutPackage }) =>
    advisory.record.id === id || advisory.record.aliases.includes(id)
  const match = matching.matches.find(bears)
  if (match !== undefined) return { state: 'affected', line: `${callName(match.advisory.record)} applies` }
  const open = matching.unknowns.find(bears)
  if (open !== undefined) return { state: 'unknown', line: `whether ${name} applies is not known: ${open.why}` }
  const clear = matching.clear.find(bears)
  if (clear !== undefined) return { state: 'not-affected', line: `you are not affected by ${name}: ${clear.why}` }
  const withdrawn = advisories.records.find(
    (record) => record.withdrawn !== null && bears({ advisory: { id, affected: [], record } }),
  )
  if (withdrawn !== undefined)
    return { state: 'not-affected', line: `you are not affected by ${name}: it was withdrawn` }
  if (coverage.whole.length === 0 || coverage.unknowns.length > 0)
    return {
      state: 'unknown',
      line: `whether ${name} concerns this fleet is not known: no feed of the whole ecosystem in date`,
    }
  const from = since === null ? '' : ` or had since ${since.slice(0, 10)}`
  const feeds = coverage.whole.map(describeFeed).join(' and ')
  return {
    state: 'not-affected',
    line: `you are not affected by ${name}: ${feeds} names no package with it that this fleet has${from}`,
  }
}
