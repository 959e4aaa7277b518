import type { EarlierFinding, Seen } from '@upkeep/contract'
import { withBundled } from '@upkeep/domain/advisories/bundled-parts'
import { partsToJudge } from '@upkeep/domain/advisories/judged-copies'
import { byPackage } from '@upkeep/domain/advisories/known-advisories'
import { judgePart } from '@upkeep/domain/advisories/match-parts'
import { packageKey } from '@upkeep/domain/purl'
import { z } from 'zod'

interface SeenNow {
  declared: Seen<'declared-server'>
  resolved: Seen<'resolved-package'>
  advisories: Seen<'advisories'>
  bundled: Seen<'bundled-code'>
}

const Earlier = z.object({
  package: z.string(),
  ecosystem: z.string(),
  direct: z.boolean(),
  sheet: z.array(z.object({ advisory: z.string() })),
})

/**
 * Whether an earlier decision that is not stated now was looked for: its package is gone from a tree that was read whole, or each of its
 * advisories is still among the feeds and could be judged. It may then have been taken, or be stated by another rule.
 */
export function canClear(finding: EarlierFinding, seen: SeenNow): boolean {
  if (seen.declared.state !== 'seen') return seen.declared.state === 'absent'
  const facts = Earlier.safeParse(finding.facts)
  if (!facts.success) return false
  const judged = withBundled(partsToJudge(seen.declared.facts.launch, seen.resolved), seen.bundled)
  if (judged.notApplicable !== null) return true
  const key = packageKey(facts.data.ecosystem, facts.data.package)
  const parts = judged.parts.filter((part) => packageKey(part.ecosystem, part.name) === key)
  if (judged.foreign.some((one) => packageKey(one.ecosystem, one.name) === key)) return false
  if (parts.length === 0) return judged.whole
  if (!judged.whole && !(facts.data.direct && parts.some((part) => part.direct))) return false
  if (seen.advisories.state !== 'seen') return false
  const { records } = seen.advisories.facts
  return facts.data.sheet.every(({ advisory }) => {
    const named = records.filter((record) => record.id === advisory || record.aliases.includes(advisory))
    if (named.length === 0) return false
    const inForce = byPackage(named).get(key) ?? []
    return inForce.every((one) =>
      parts.every((part) => part.version !== null && isJudged({ ...part, version: part.version }, one)),
    )
  })
}

function isJudged(...judged: Parameters<typeof judgePart>): boolean {
  return judgePart(...judged).state !== 'unknown'
}
