import type { AskedApprovals } from '@upkeep/contract/approval-policy'
import type { SeenApproval, SeenChange } from '@upkeep/contract/observations/changes'

/** What of the words about a change counted when it was begun, and why the others did not. */
export interface Counted {
  policy: string
  wanted: number
  counted: number
  why: string[]
}

/** By each policy that the change had to satisfy, the first that it did not satisfy; else by the first of them. */
export function countApprovals(change: SeenChange, begunAt: string, alone: boolean): Counted {
  const all = [change.asked, ...(change.alsoAsked ?? [])].map((asked) => countedBy(asked, change, begunAt, alone))
  return all.find(({ counted, wanted }) => counted < wanted) ?? countedBy(change.asked, change, begunAt, alone)
}

function countedBy(asked: AskedApprovals, change: SeenChange, begunAt: string, alone: boolean): Counted {
  const { approvals, requester } = change
  const wanted = alone ? Math.min(1, asked.approvals) : asked.approvals
  const judged = approvals.map((approval) => ({
    right: approval.onBehalfOf ?? approval.person,
    why: whyNotCounted(approval, { asked, requester, begunAt, alone }),
  }))
  const why = judged.flatMap((one) => one.why ?? [])
  // A right counts once, in whosever hands it was.
  const rights = new Set(judged.flatMap((one) => (one.why === null ? [one.right] : [])))
  return { policy: asked.policy, wanted, counted: rights.size, why }
}

interface Begun {
  asked: AskedApprovals
  requester: string
  begunAt: string
  alone: boolean
}

function whyNotCounted(approval: SeenApproval, { asked, requester, begunAt, alone }: Begun): string | null {
  const { person, holds, at, until, endedAt, onBehalfOf } = approval
  if (approval.decision === 'refused') return `${person} refused it`
  if (!approval.ofThisPlan) return `what ${person} approved is another plan`
  if (at > begunAt) return `${person} approved it afterwards`
  if (until <= begunAt) return `the approval of ${person} had ended`
  if (endedAt !== null && endedAt <= begunAt) return `${person} had taken it back`
  const own = [person, onBehalfOf].find((one) => one === requester)
  if (asked.separation && !alone && own !== undefined) return `${own} asked for it themselves`
  if (onBehalfOf !== undefined && approval.delegated !== true) return `${onBehalfOf} had delegated nothing to ${person}`
  if (!alone && !asked.roles.some((role) => holds.includes(role) || holds.includes('admin')))
    return `${onBehalfOf ?? person} does not hold the role ${asked.roles.join(' or ')}`
  return whyNotSure(approval, asked)
}

function whyNotSure({ person, trained, signature }: SeenApproval, asked: AskedApprovals): string | null {
  const untrained = asked.training?.find((scope) => trained?.includes(scope) !== true)
  if (untrained !== undefined) return `no training of ${person} in ${untrained} was in force`
  return asked.presence && signature !== 'holds' ? `that ${person} was there is not proven` : null
}
