import { type Assessment, defineDuty, type FindingDraft, rule } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { changesNeeded, judgeChanges } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'

const rules = {
  'review-missing': rule({
    version: 1,
    title: 'Nobody reviewed it afterwards',
    severity: 'high',
    help: 'Have somebody who did not ask for it look at it, and state it: upkeep attest.',
    facts: z.object({ change: z.string(), reviewDue: z.string() }),
    identity: ['change'],
  }),
  'traces-not-first': rule({
    version: 1,
    title: 'Traces were not kept first',
    severity: 'high',
    help: 'Keep what is still there of that time by hand: logs, shell history, backups.',
    facts: z.object({ change: z.string() }),
    identity: ['change'],
  }),
  'not-contained': rule({
    version: 1,
    title: 'Opened and not contained',
    severity: 'critical',
    help: 'Go on with it, or give it up with the reason.',
    facts: z.object({ change: z.string(), openedAt: z.string() }),
    identity: ['change'],
  }),
}
type Findings = FindingDraft<typeof rules>[]

export const emergencyProcedures = defineDuty({
  id: 'emergency-procedures',
  version: 2,
  heading: 'Maintenance Scheduling',
  title: 'Emergency Procedures',
  summary: 'Emergency changes leave traces first, are looked at afterwards by somebody else, and are practised.',
  cadence: 'daily',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen, at }): Assessment<typeof rules> {
    return judgeChanges(seen.changes, {
      isAbout: (change) => change.class === 'emergency',
      none: 'no emergency was opened or rehearsed',
      judge(all, { alone }) {
        const real = all.filter(({ emergency }) => emergency?.rehearsal !== true)
        return {
          findings: real.flatMap((change) => [
            ...unreviewed(change, alone, at),
            ...tracesLate(change),
            ...open(change, at),
          ]),
          passes: all.length === 0 ? [] : [onRecord(all, real), ...measured(real)],
          notCovered: ['how well people do in an emergency'],
        }
      },
    })
  },
})

function onRecord(all: readonly SeenChange[], real: readonly SeenChange[]): string {
  return `${real.length} emergencies and ${all.length - real.length} rehearsals are on record`
}

function measured(real: readonly SeenChange[]): string[] {
  const lines = real.flatMap(({ title, emergency }) => {
    const seconds = emergency?.secondsToContain ?? null
    return seconds === null ? [] : [`"${title}" was contained ${seconds} s after it was opened`]
  })
  return lines.slice(0, 20)
}

/** Where one person at most is named their own word has to do; the record of the change says that it is no second pair of eyes. */
function unreviewed({ id, title, requester, emergency }: SeenChange, alone: boolean, at: string): Findings {
  const due = emergency?.reviewDue ?? null
  if (due === null || due > at) return []
  const counts =
    emergency?.reviews.some(({ person, at: when }) => when <= at && (alone || person !== requester)) ?? false
  if (counts) return []
  return [
    {
      rule: 'review-missing',
      facts: { change: id, reviewDue: due },
      summary: `"${title}" was to be reviewed until ${due}, and nobody who did not ask for it did`,
      action: `Look at it (upkeep changes ${id}), then: upkeep attest emergency-review/${id} --role reviewer --until 365d --statement "…"`,
    },
  ]
}

function tracesLate({ id, title, applyingAt, emergency }: SeenChange): Findings {
  if (applyingAt === null || emergency?.evidenceFirst === true) return []
  return [
    {
      rule: 'traces-not-first',
      facts: { change: id },
      summary: `"${title}" was made before what was there was kept`,
      action: 'Keep what is still there of that time by hand: logs, shell history, backups',
    },
  ]
}

const openTooLongMs = 2 * 3_600_000

function open({ id, title, phase, proposedAt }: SeenChange, at: string): Findings {
  if (phase === 'closed' || Date.parse(at) - Date.parse(proposedAt) < openTooLongMs) return []
  return [
    {
      rule: 'not-contained',
      facts: { change: id, openedAt: proposedAt },
      summary: `"${title}" was opened at ${proposedAt} and is not seen to be in force`,
      action: `Go on with it: upkeep fix --change ${id}`,
    },
  ]
}
