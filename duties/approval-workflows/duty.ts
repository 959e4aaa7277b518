import { type Assessment, defineDuty, type FindingDraft } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { changesNeeded, isLookedAt, judgeChanges, rightOf, wasBegun } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'
import { countApprovals } from './count-approvals.ts'
import { type Rules, rules } from './rules.ts'

type Drafts = FindingDraft<Rules>

export const approvalWorkflows = defineDuty({
  id: 'approval-workflows',
  version: 1,
  heading: 'Change Management',
  title: 'Approval Workflows',
  summary:
    'Every change that was made had, before it was begun, the approvals that its policy asks for: of this very plan, by the people who may, signed where that is asked.',
  cadence: 'weekly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen: { changes }, at }): Assessment<Rules> {
    return judgeChanges(changes, {
      isAbout: () => true,
      none: 'no change was ever asked for',
      judge(every, { alone }) {
        const findings = every.flatMap((change) => [
          ...unapproved(change, alone),
          ...afterwards(change),
          ...unsigned(change),
          ...ended(change, at),
        ])
        const made = every.filter(wasBegun)
        return { findings, unknowns: apart(made, alone), passes: passesOf(findings, every, made) }
      },
    })
  },
  canClear: (finding, { seen: { changes } }) => isLookedAt(finding, changes),
})

function unapproved(change: SeenChange, alone: boolean): Drafts[] {
  if (change.applyingAt === null) return []
  const { policy, wanted, counted, why } = countApprovals(change, change.applyingAt, alone)
  if (counted >= wanted) return []
  const { id, title } = change
  return [
    {
      rule: 'made-without-approval',
      facts: { change: id, title, policy, wanted, counted, why },
      summary: `"${title}" was made with ${counted} of ${wanted} approvals by the policy "${policy}"${why.length === 0 ? '' : `: ${why.slice(0, 3).join('; ')}`}`,
      action: `Read it (upkeep changes ${id} --document), then have it reviewed or take it back: upkeep undo ${id}.`,
    },
  ]
}

function afterwards({ id, title, applyingAt, approvals }: SeenChange): Drafts[] {
  if (applyingAt === null) return []
  const late = approvals.filter(({ decision, at }) => decision === 'approved' && at > applyingAt)
  return late.map(({ person, at }) => ({
    rule: 'approved-afterwards',
    facts: { change: id, title, person, approvedAt: at, begunAt: applyingAt },
    summary: `${person} approved "${title}" on ${at.slice(0, 16)}, after it was begun`,
    action: `Find out why it was not asked for before: upkeep changes ${id} --document.`,
  }))
}

function unsigned({ id, title, approvals }: SeenChange): Drafts[] {
  return approvals
    .filter(({ signature }) => signature === 'does-not-hold')
    .map(({ person, ofThisPlan }) => ({
      rule: 'signature-does-not-hold',
      facts: { change: id, title, person, ofThisPlan },
      summary: `what stands as the signature of ${person} about "${title}" is none by the key that was theirs then`,
      action: `Ask ${person}, and run upkeep verify.`,
    }))
}

function ended({ id, title, phase, approvals }: SeenChange, at: string): Drafts[] {
  if (phase !== 'proposed') return []
  return approvals
    .filter(({ decision, until, endedAt }) => decision === 'approved' && endedAt === null && until <= at)
    .map(({ person, until }) => ({
      rule: 'approval-ended',
      facts: { change: id, title, person, until },
      summary: `the approval of ${person} for "${title}" ended on ${until.slice(0, 10)}, and it is not made`,
      action: `Ask again: upkeep approve ${id}. Or give it up: upkeep changes ${id} --abandon.`,
    }))
}

function apart(made: readonly SeenChange[], alone: boolean): string[] {
  const asked = made.filter((change) => change.asked.separation && change.asked.approvals > 0)
  if (!alone || asked.length === 0) return []
  return [`separation of duties is not met: one person at most is named, and ${asked.length} changes ask for another`]
}

function passesOf(findings: readonly Drafts[], every: readonly SeenChange[], made: readonly SeenChange[]): string[] {
  if (every.length > 0 && made.length === 0) return [`0 of ${every.length} changes were made`]
  const wrong = findings.map(({ facts }) => facts.change)
  return rightOf(made, wrong, 'changes that were made were approved before')
}
