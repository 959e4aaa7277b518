import { type Assessment, defineDuty } from '@upkeep/contract'
import { changesNeeded, isLookedAt, judgeChanges } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'
import { judgeWayBack, needsWayBack, shownOf, unreadOf } from './judge-way-back.ts'
import { type Rules, rules } from './rules.ts'

export const rollbackPlanning = defineDuty({
  id: 'rollback-planning',
  version: 1,
  heading: 'Maintenance Scheduling',
  title: 'Rollback Planning',
  summary:
    'Every change that stands or waits has a way back that was walked: its bytes are there and readable, what cannot be brought back is named, and nothing was taken back into a vulnerability that nobody accepted.',
  cadence: 'daily',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({
    maxRehearsalDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('How old the rehearsal of a change that waits may be'),
  }),
  rules,
  assess({ seen: { changes }, params: { maxRehearsalDays }, at }): Assessment<Rules> {
    return judgeChanges(changes, {
      isAbout: needsWayBack,
      none: 'no change stands or waits',
      judge: (about) => ({
        findings: about.flatMap((change) => judgeWayBack(change, at, maxRehearsalDays)),
        unknowns: unreadOf(about),
        passes: shownOf(about),
        notCovered: ['what a server did outside of the files that a change wrote, such as in its own data'],
      }),
    })
  },
  canClear: (finding, { seen: { changes } }) => isLookedAt(finding, changes),
})
