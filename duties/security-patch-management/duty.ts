import { type Assessment, defineDuty, type EarlierFinding, type Seen } from '@upkeep/contract'
import type { SeenChange, SeenPatch } from '@upkeep/contract/observations/changes'
import { changesNeeded, isLookedAt, judgeChanges } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'
import { isPatch, judgeChange } from './judge-changes.ts'
import { judgePatch, timesToFix } from './judge-patches.ts'
import { judgeRings } from './judge-rings.ts'
import { type Rules, rules } from './rules.ts'

const days = (least: number, usual: number, says: string) => z.int().min(least).max(3_650).default(usual).describe(says)

export const securityPatchManagement = defineDuty({
  id: 'security-patch-management',
  version: 1,
  heading: 'Automated Maintenance Tasks',
  title: 'Security Patch Management',
  summary:
    'Every patch that is due is on its way to being in force: planned in time, tested as exact bytes, rolled out to the end, and closed by what is seen.',
  cadence: 'daily',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({
    leadDays: days(0, 7, 'How many days before its due date a patch has to be in a change'),
    undatedDays: days(0, 30, 'How long a patch without a due date may be known before it has to be in a change'),
    waitDays: days(0, 1, 'How long a change may wait to be seen in force, a ring to begin, a patch to be tried again'),
    reportDays: days(1, 90, 'For how long it is told that a patch came late, and how long patches took'),
  }),
  rules,
  assess({ seen: { changes }, params, at }): Assessment<Rules> {
    return judgeChanges(changes, {
      isAbout: isPatch,
      none: 'no patch is due, and none was made',
      judge(made, { changes: all, patches = [] }) {
        const times = { ...params, at }
        const findings = [
          ...patches.flatMap((patch) => judgePatch(patch, times)),
          ...made.flatMap((change) => judgeChange(change, newerThan(change, all), at, params.waitDays)),
          ...judgeRings(all, at, params.waitDays),
        ]
        return { findings, passes: passesOf(made, patches, timesToFix(patches, times)), notCovered: notCovered(made) }
      },
    })
  },
  canClear: (finding, { seen: { changes } }) => canClear(finding, changes),
})

function newerThan({ id, proposedAt }: SeenChange, all: readonly SeenChange[]): SeenChange[] {
  return all.filter((one) => one.id !== id && one.proposedAt > proposedAt)
}

function passesOf(made: readonly SeenChange[], patches: readonly SeenPatch[], times: readonly string[]): string[] {
  const open = patches.filter(({ state }) => state === 'open')
  if (made.length + patches.length === 0) return []
  const planned = open.filter(({ changes }) => changes.length > 0).length
  const accepted = open.filter(({ acceptedUntil }) => acceptedUntil !== null).length
  const stand = made.filter(({ outcome }) => outcome === 'done').length
  return [
    `${open.length} patches are open: ${planned} in a change, ${accepted} accepted until a day; ${stand} of ${made.length} changes of a version are done`,
    ...times,
  ]
}

function notCovered(made: readonly SeenChange[]): string[] {
  const unplayed = made.filter(({ tests }) => tests?.notRun.some((name) => name.endsWith(': golden calls')) === true)
  return [
    'patches that were made without a change of ours: configuration-drift-detection names them',
    ...(unplayed.length === 0
      ? []
      : [`${unplayed.length} new versions were tried without recorded calls of yours: upkeep golden record`]),
  ]
}

/** A patch, a change, a rollout: each is told of as long as it is known. */
function canClear(finding: EarlierFinding, changes: Seen<'changes'>): boolean {
  if (changes.state !== 'seen') return false
  return finding.facts.change === undefined ? changes.facts.patches !== undefined : isLookedAt(finding, changes)
}
