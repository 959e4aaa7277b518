import type { Facts } from '@upkeep/contract'
import { firstTimePublisher, type Handover, lastHandover } from '@upkeep/domain/dependency-health/maintainers'
import { called, decision, type Package, type Part } from './part.ts'

type Packument = Facts<'registry'>['packages'][number]
interface Limits {
  at: string
  newHandsForDays: number
}

const dayMs = 86_400_000

/**
 * Whether the installed version came soon after everybody who could publish was replaced, or was somebody's first. That is how a package is
 * taken over; what happened long ago was noticed by others.
 */
export function judgeHands(one: Package, packument: Packument, limits: Limits, part: Part): boolean {
  if (one.version === null) return false
  const handover = lastHandover(packument, one.version)
  const first = handover === null ? firstTimePublisher(packument, one.version) : null
  const moment = handover ?? first
  if (moment === null) return false
  if (packument.datesDoubted !== undefined || moment.publishedAt === null) {
    part.unknowns.push(`when ${called(one)} came into new hands (${moment.version}): no date of this registry says`)
    return false
  }
  const ageDays = (Date.parse(limits.at) - Date.parse(moment.publishedAt)) / dayMs
  if (!(ageDays <= limits.newHandsForDays)) return false
  part.decided.push(decision('maintainer-change', one.name))
  part.findings.push(inNewHands(one, one.version, moment, handover !== null))
  return true
}

function inNewHands(
  one: Package,
  version: string,
  { previous, version: since, publishedAt, former, present }: Handover,
  everybody: boolean,
): Part['findings'][number] {
  const day = publishedAt?.slice(0, 10)
  return {
    rule: 'maintainer-change',
    ...(everybody ? {} : { severity: 'low' as const }),
    facts: { package: one.name, version, former: [...former], present: [...present], since },
    summary: everybody
      ? `${called(one)}: all ${former.length} who could publish ${previous} were replaced with ${since}, on ${day}`
      : `${called(one)} is the first that ${present.join()} published, on ${day}; nobody of that name could publish ${previous}`,
    action: `Read what changed between ${previous} and ${since} before you start it; else go back to ${previous}.`,
  }
}
