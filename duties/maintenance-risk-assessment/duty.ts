import { type Assessment, defineDuty, type FindingDraft, rule } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { changesNeeded, judgeChanges } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'

const rules = {
  'made-unassessed': rule({
    version: 1,
    title: 'Made without an assessment',
    severity: 'high',
    help: 'Look at the change, and at how it came past the gate: upkeep verify.',
    facts: z.object({ change: z.string() }),
    identity: ['change'],
  }),
  'often-taken-back': rule({
    version: 1,
    title: 'Changes of this kind are often taken back',
    severity: 'medium',
    help: 'Make them in smaller steps or ring by ring, and test them before.',
    facts: z.object({ kind: z.string(), made: z.number(), failed: z.number() }),
    identity: ['kind'],
  }),
}
type Findings = FindingDraft<typeof rules>[]

export const maintenanceRiskAssessment = defineDuty({
  id: 'maintenance-risk-assessment',
  version: 2,
  heading: 'Risk Management',
  title: 'Maintenance Risk Assessment',
  summary: 'No change is made unassessed, and what often fails is not made the same way again.',
  cadence: 'monthly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen }): Assessment<typeof rules> {
    return judgeChanges(seen.changes, {
      isAbout: wasMade,
      none: 'no change was made',
      judge: (made) => ({
        findings: [...made.filter(({ risk }) => risk === null).map(unassessed), ...kindsOf(made).flatMap(oftenFailed)],
        passes: made.length === 0 ? [] : [`${made.length} changes that were made were looked at`],
        notCovered: [
          'what changes outside of this installation did',
          ...(made.length < enough ? [`little data: ${made.length} changes were made so far`] : []),
        ],
      }),
    })
  },
})

/** Below so many nothing is said of a kind: two of three is chance. */
const enough = 5
const often = 0.25

function wasMade({ phase, applyingAt, emergency }: SeenChange): boolean {
  return phase === 'closed' && applyingAt !== null && emergency?.rehearsal !== true
}

function unassessed({ id, title }: SeenChange): Findings[number] {
  return {
    rule: 'made-unassessed',
    facts: { change: id },
    summary: `"${title}" was made, and nobody worked out what it could do`,
    action: `Look at it: upkeep changes ${id}, and at the records: upkeep verify`,
  }
}

function kindsOf(made: readonly SeenChange[]): { kind: string; of: SeenChange[] }[] {
  const kinds = [...new Set(made.flatMap((change) => change.kinds))].sort()
  return kinds.map((kind) => ({ kind, of: made.filter((change) => change.kinds.includes(kind)) }))
}

function oftenFailed({ kind, of }: { kind: string; of: SeenChange[] }): Findings {
  const failed = of.filter(({ outcome }) => outcome !== 'done').length
  if (of.length < enough || failed / of.length < often) return []
  return [
    {
      rule: 'often-taken-back',
      facts: { kind, made: of.length, failed },
      summary: `${failed} of ${of.length} changes of the kind ${kind} were taken back`,
      action: 'Make them in smaller steps or ring by ring (upkeep rollout), and test them before',
    },
  ]
}
