import { type Assessment, defineDuty, type FindingDraft, rule } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { gapsOf } from '@upkeep/domain/changes/completeness'
import { changesNeeded, isLookedAt, judgeChanges, rightOf, wasBegun } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'

const rules = {
  'document-incomplete': rule({
    version: 1,
    title: 'The document of a change lacks what its kind of change takes',
    severity: 'medium',
    help: 'See what is missing (upkeep changes <id> --document). Why it was made: upkeep changes --justify <id> --reason "…".',
    facts: z.object({ change: z.string(), title: z.string(), missing: z.array(z.string()) }),
    identity: ['change'],
  }),
}
type Rules = typeof rules
type Gap = ReturnType<typeof gapsOf>[number]

export const documentationRequirements = defineDuty({
  id: 'documentation-requirements',
  version: 1,
  heading: 'Change Management',
  title: 'Documentation Requirements',
  summary:
    'The document of every change that was made says what its risk takes: why, what it means, what was tried, what came of it, and the way back.',
  cadence: 'monthly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen: { changes } }): Assessment<Rules> {
    return judgeChanges(changes, {
      isAbout: wasBegun,
      none: 'no change was made',
      judge(made) {
        const judged = made.map((change) => ({ change, gaps: missingOf(change) }))
        const wrong = judged.filter(({ gaps }) => gaps.length > 0)
        const ids = wrong.map(({ change: { id } }) => id)
        return { findings: wrong.map(incomplete), passes: rightOf(made, ids, 'changes have a complete document') }
      },
    })
  },
  canClear: (finding, { seen: { changes } }) => isLookedAt(finding, changes),
})

/** That somebody has to look what came of it is the duty of documenting changes. */
function missingOf(change: SeenChange): Gap[] {
  const { reason, justifications, tests } = change
  const reasons = [...(reason === null ? [] : [reason]), ...justifications.map((one) => one.reason)]
  return gapsOf({ ...change, reasons, tested: tests !== null }).filter(({ field }) => field !== 'result')
}

function incomplete({ change: { id, title }, gaps }: { change: SeenChange; gaps: Gap[] }): FindingDraft<Rules> {
  const isWhy = gaps.some(({ field }) => field === 'rationale')
  return {
    rule: 'document-incomplete',
    facts: { change: id, title, missing: gaps.map(({ field }) => field) },
    summary: `"${title}": ${gaps.map(({ why }) => why).join('; ')}`,
    action: isWhy
      ? `Say why: upkeep changes --justify ${id} --reason "…".`
      : `What was not done before cannot be said afterwards: note it in the next review (upkeep changes ${id} --document).`,
  }
}
