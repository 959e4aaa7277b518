import { type Assessment, defineDuty, type FindingDraft, need } from '@upkeep/contract'
import type { Changes, SeenChange } from '@upkeep/contract/observations/changes'
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
  needs: { changes: need('changes') },
  params: z.object({}),
  rules,
  assess({ seen: { changes }, at }): Assessment<Rules> {
    const nothing = { findings: [], unknowns: [], passes: [] }
    if (changes.state !== 'seen') return nothing
    const { facts } = changes
    if (facts.changes.length === 0) return { ...nothing, notApplicable: 'no change was ever asked for' }
    const made = facts.changes.filter(({ applyingAt }) => applyingAt !== null)
    const findings = facts.changes.flatMap((change) => [
      ...unapproved(change, facts.alone),
      ...afterwards(change),
      ...unsigned(change),
      ...ended(change, at),
    ])
    return { findings, unknowns: unknownsOf(facts, made), passes: passesOf(findings, made) }
  },
  // All changes are read each time, or the verdict is unknown.
  canClear: (finding, { seen: { changes } }) =>
    changes.state === 'seen' && changes.facts.changes.some(({ id }) => id === finding.facts.change),
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

function unknownsOf({ alone, leftOut }: Changes, made: readonly SeenChange[]): string[] {
  const asked = made.filter((change) => change.asked.separation && change.asked.approvals > 0)
  const apart = `separation of duties is not met: one person at most is named, and ${asked.length} changes ask for another`
  return [...leftOut, ...(alone && asked.length > 0 ? [apart] : [])]
}

function passesOf(findings: readonly Drafts[], made: readonly SeenChange[]): string[] {
  const wrong = new Set(findings.map(({ facts }) => facts.change))
  const right = made.filter(({ id }) => !wrong.has(id)).length
  return right === 0 && made.length > 0
    ? []
    : [`${right} of ${made.length} changes that were made were approved before`]
}
