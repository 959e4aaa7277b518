import { type Assessment, defineDuty, type FindingDraft, rule } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { changesNeeded, judgeChanges } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'

const rules = {
  'made-outside-its-time': rule({
    version: 1,
    title: 'Made outside its time',
    severity: 'high',
    help: 'Look at why it was made then, and at who can write upkeep.yaml: outside a window only an emergency is made.',
    facts: z.object({ change: z.string(), madeAt: z.string(), from: z.string(), until: z.string().nullable() }),
    identity: ['change'],
  }),
  'time-missed': rule({
    version: 1,
    title: 'Its time went by',
    severity: 'medium',
    help: 'Make it in the next window, or give it up: upkeep changes.',
    facts: z.object({ change: z.string(), until: z.string() }),
    identity: ['change'],
  }),
}
type Findings = FindingDraft<typeof rules>[]

export const maintenanceWindows = defineDuty({
  id: 'maintenance-windows',
  version: 2,
  heading: 'Maintenance Scheduling',
  title: 'Maintenance Windows',
  summary: 'Changes are made in their windows, and none that was scheduled is forgotten.',
  cadence: 'weekly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen, at }): Assessment<typeof rules> {
    return judgeChanges(seen.changes, {
      isAbout: ({ window }) => window !== null,
      none: 'no change was scheduled',
      judge: (scheduled) => ({
        findings: scheduled.flatMap((change) => [...madeOutside(change), ...missed(change, at)]),
        passes: scheduled.length === 0 ? [] : [`${scheduled.length} scheduled changes were looked at`],
        notCovered: ['windows are those of upkeep.yaml when a change was scheduled; what was never scheduled had none'],
      }),
    })
  },
})

/** An emergency has no window to keep. */
function madeOutside({ id, title, class: kind, window, applyingAt }: SeenChange): Findings {
  if (window === null || applyingAt === null || kind === 'emergency') return []
  const inside = applyingAt >= window.from && (window.until === null || applyingAt < window.until)
  if (inside) return []
  return [
    {
      rule: 'made-outside-its-time',
      facts: { change: id, madeAt: applyingAt, from: window.from, until: window.until },
      summary: `"${title}" was begun at ${applyingAt}, and its time was from ${window.from}`,
      action: `Look at what happened: upkeep changes ${id}`,
    },
  ]
}

function missed({ id, title, phase, window }: SeenChange, at: string): Findings {
  const until = window?.until ?? null
  if (phase !== 'proposed' || until === null || until > at) return []
  return [
    {
      rule: 'time-missed',
      facts: { change: id, until },
      summary: `"${title}" was not made in its time, which ended at ${until}`,
      action: `Make it in the next window (upkeep fix --change ${id}), or give it up (upkeep changes ${id} --abandon)`,
    },
  ]
}
