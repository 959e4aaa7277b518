import type { SeenApproval, SeenChange } from '@upkeep/contract/observations/changes'

/** What of the words about a change counted when it was begun, and why the others did not. */
export function countApprovals(
  change: SeenChange,
  begunAt: string,
  alone: boolean,
): { wanted: number; counted: number; why: string[] } {
  const { asked, approvals } = change
  const wanted = alone ? Math.min(1, asked.approvals) : asked.approvals
  const judged = approvals.map((approval) => whyNotCounted(approval, change, begunAt, alone))
  const why = judged.filter((reason) => reason !== null)
  return { wanted, counted: judged.length - why.length, why }
}

function whyNotCounted(approval: SeenApproval, change: SeenChange, begunAt: string, alone: boolean): string | null {
  const { person, holds, at, until, endedAt } = approval
  const { asked, requester } = change
  if (approval.decision === 'refused') return `${person} refused it`
  if (!approval.ofThisPlan) return `what ${person} approved is another plan`
  if (at > begunAt) return `${person} approved it afterwards`
  if (until <= begunAt) return `the approval of ${person} had ended`
  if (endedAt !== null && endedAt <= begunAt) return `${person} had taken it back`
  if (asked.separation && !alone && person === requester) return `${person} asked for it themselves`
  if (!alone && !asked.roles.some((role) => holds.includes(role) || holds.includes('admin')))
    return `${person} does not hold the role ${asked.roles.join(' or ')}`
  return asked.presence && approval.signature !== 'holds' ? `that ${person} was there is not proven` : null
}
