import { type Assessment, defineDuty } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { changesNeeded, isLookedAt, judgeChanges, rightOf } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'
import { isDecided, judgeSheet } from './judge-sheet.ts'
import { type Rules, rules } from './rules.ts'

export const securityImpactAssessment = defineDuty({
  id: 'security-impact-assessment',
  version: 1,
  heading: 'Change Management',
  title: 'Security Impact Assessment',
  summary:
    'Before anybody approved a change, what it does to the attack surface was drawn from what was seen; what that asked for was done, and what it did not know was said.',
  cadence: 'weekly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen: { changes } }): Assessment<Rules> {
    return judgeChanges(changes, {
      isAbout: isDecided,
      none: 'no change was approved or made',
      judge(decided, { alone }) {
        const findings = decided.flatMap((change) => judgeSheet(change, alone))
        const wrong = findings.map(({ facts }) => facts.change)
        return {
          findings,
          passes: rightOf(decided, wrong, 'changes were assessed before they were approved'),
          notCovered: ['whether the sheets were read', ...notKnown(decided)],
        }
      },
    })
  },
  canClear: (finding, { seen: { changes } }) => isLookedAt(finding, changes),
})

/** What sheets did not know and said so is nobody's fault, and no knowledge either. */
function notKnown(decided: readonly SeenChange[]): string[] {
  return decided
    .flatMap(({ title, sheet }) =>
      sheet?.state === 'kept' && sheet.unknown.length > 0 ? [`"${title}": ${sheet.unknown[0]}`] : [],
    )
    .slice(0, 20)
}
