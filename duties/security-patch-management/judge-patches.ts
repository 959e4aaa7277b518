import type { FindingDraft } from '@upkeep/contract'
import type { SeenPatch } from '@upkeep/contract/observations/changes'
import { dayOf } from '@upkeep/domain/distance'
import { shellWord } from '@upkeep/domain/shell-word'
import type { Rules } from './rules.ts'

type Drafts = FindingDraft<Rules>[]
const dayMs = 86_400_000

/** What counts as soon, and for how long a late one is told of. */
export interface PatchTimes {
  at: string
  leadDays: number
  undatedDays: number
  reportDays: number
}

/** What is wrong with a patch that is due, or was. One that somebody accepted until a day is theirs until then. */
export function judgePatch(patch: SeenPatch, times: PatchTimes): Drafts {
  if (patch.state === 'resolved') return late(patch, times)
  if (patch.acceptedUntil !== null) return []
  if (patch.due !== null && patch.due <= times.at) return [overdue(patch)]
  return patch.changes.length > 0 || !isSoon(patch, times) || !patch.obtainable ? [] : [notPlanned(patch)]
}

function isSoon({ due, firstSeen }: SeenPatch, { at, leadDays, undatedDays }: PatchTimes): boolean {
  const [from, days] = due === null ? [firstSeen, undatedDays] : [due, -leadDays]
  return Date.parse(from) + days * dayMs <= Date.parse(at)
}

function factsOf({ fingerprint, server, package: name, version, due }: SeenPatch) {
  return { fingerprint, server, package: name, version, due }
}

function overdue(patch: SeenPatch): Drafts[number] {
  const [change] = patch.changes
  const planned = change === undefined ? 'no change is to make it' : `change ${change} was to make it`
  return {
    rule: 'patch-overdue',
    facts: { ...factsOf(patch), changes: [...patch.changes] },
    severity: patch.severity,
    summary: `${patch.server}: ${patch.package} ${patch.version} was to be patched by ${dayOf(patch.due ?? '')}; ${planned}`,
    action: patch.obtainable
      ? `Make it now: ${change === undefined ? `upkeep fix ${shellWord(patch.server)} --online` : `upkeep fix --change ${change}`}`
      : `No version with the fix can be had: switch it off (upkeep fix ${shellWord(patch.server)} --disable), or accept it until a day`,
  }
}

function notPlanned(patch: SeenPatch): Drafts[number] {
  const when = patch.due === null ? `is known since ${dayOf(patch.firstSeen)}` : `is due on ${dayOf(patch.due)}`
  return {
    rule: 'patch-not-planned',
    facts: factsOf(patch),
    summary: `${patch.server}: the patch of ${patch.package} ${patch.version} ${when}, and no change is to make it`,
    action: `Plan it: upkeep fix ${shellWord(patch.server)} --online`,
  }
}

function late(patch: SeenPatch, { at, reportDays }: PatchTimes): Drafts {
  const { due, closedAt } = patch
  if (due === null || closedAt === null || closedAt <= due) return []
  if (Date.parse(at) - Date.parse(closedAt) > reportDays * dayMs) return []
  const daysLate = Math.ceil((Date.parse(closedAt) - Date.parse(due)) / dayMs)
  return [
    {
      rule: 'patched-late',
      facts: { ...factsOf(patch), closedAt, daysLate },
      summary: `${patch.server}: ${patch.package} ${patch.version} was patched on ${dayOf(closedAt)}, ${daysLate} d after it was due`,
      action: 'See what it waited for: upkeep changes --all',
    },
  ]
}

/** From found to closed, in whole days, of what was closed within the time that is told of. */
export function timesToFix(patches: readonly SeenPatch[], { at, reportDays }: PatchTimes): string[] {
  const closed = patches.filter(
    ({ closedAt }) => closedAt !== null && Date.parse(at) - Date.parse(closedAt) <= reportDays * dayMs,
  )
  if (closed.length === 0) return []
  const days = closed
    .map(({ firstSeen, closedAt }) => (Date.parse(closedAt ?? at) - Date.parse(firstSeen)) / dayMs)
    .sort((a, b) => a - b)
  const [shown, longest] = [days[Math.floor((days.length - 1) / 2)] ?? 0, days.at(-1) ?? 0].map((one) => one.toFixed(1))
  const dated = closed.filter(({ due }) => due !== null)
  const inTime = dated.filter(({ due, closedAt }) => (closedAt ?? at) <= (due ?? ''))
  return [
    `${closed.length} closed in ${reportDays} d: from found to closed ${shown} d in the middle, ${longest} d at most; ${inTime.length} of ${dated.length} with a due date in time`,
  ]
}
