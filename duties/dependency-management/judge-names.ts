import type { Seen } from '@upkeep/contract'
import { decision, emptyPart, type Part } from './part.ts'

/** Whether any of its packages has a name that passes for another's. */
export function judgeNames(names: Seen<'name-resemblance'>, trusted: readonly string[]): Part {
  const part = emptyPart()
  if (names.state === 'unavailable') part.unknowns.push(`names: ${names.reason}`)
  if (names.state !== 'seen') return part
  const { judged, known, resembling } = names.facts
  for (const { name, ecosystem, imitates, by, direct } of resembling) {
    if (trusted.includes(name)) continue
    part.decided.push(decision('typosquat', name))
    part.findings.push({
      rule: 'typosquat',
      ...(direct ? {} : { severity: 'medium' as const }),
      facts: { package: name, ecosystem, imitates, by, direct },
      summary: `${name} passes for ${imitates} (${by})${direct ? '' : ', and is brought along'}`,
      action: `Compare it with what you meant. Correct it to ${imitates}, or add it to trustedNames.`,
    })
  }
  if (part.findings.length === 0) part.passes.push(`none of its ${judged} names passes for one of ${known} known ones`)
  return part
}
