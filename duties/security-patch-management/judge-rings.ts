import type { FindingDraft } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { dayOf } from '@upkeep/domain/distance'
import type { Rules } from './rules.ts'

type Drafts = FindingDraft<Rules>[]
const dayMs = 86_400_000

/** What is wrong with rollouts: one that stopped, with rings behind it that nobody gave up; one that could go on and does not. */
export function judgeRings(changes: readonly SeenChange[], at: string, waitDays: number): Drafts {
  const inRings = changes.filter(({ ring }) => ring !== undefined)
  const rollouts = Map.groupBy(inRings, ({ ring }) => ring?.rollout ?? '')
  return [...rollouts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([rollout, rings]) => {
      const inOrder = rings.toSorted((a, b) => (a.ring?.index ?? 0) - (b.ring?.index ?? 0))
      return judgeRollout(rollout, inOrder, at, waitDays)
    })
}

function judgeRollout(rollout: string, rings: readonly SeenChange[], at: string, waitDays: number): Drafts {
  const first = rings.findIndex(({ outcome }) => outcome !== 'done')
  const stuck = rings[first]
  if (stuck === undefined) return []
  const behind = rings.slice(first + 1).filter(({ outcome }) => outcome === null).length
  const name = stuck.ring?.name ?? ''
  if (stuck.outcome !== null)
    return stuck.outcome === 'abandoned' || behind === 0 ? [] : [stopped(rollout, stuck, name, behind)]
  if (stuck.phase !== 'proposed') return []
  const since = mayBeginAt(rings[first - 1], stuck)
  if (Date.parse(at) - Date.parse(since) <= waitDays * dayMs) return []
  return [
    {
      rule: 'ring-waits',
      facts: { rollout, change: stuck.id, ring: name, since },
      summary: `ring "${name}" could begin since ${dayOf(since)}, and did not`,
      action: 'Go on with it: upkeep rollout',
    },
  ]
}

/** Once the ring before it has held for as long as it was given. */
function mayBeginAt(before: SeenChange | undefined, { proposedAt }: SeenChange): string {
  if (before === undefined) return proposedAt
  const soakMs = (before.ring?.soakMinutes ?? 0) * 60_000
  return new Date(Date.parse(before.closedAt ?? before.lastAt) + soakMs).toISOString()
}

function stopped(rollout: string, { id, outcome }: SeenChange, ring: string, behind: number): Drafts[number] {
  return {
    rule: 'ring-stopped',
    facts: { rollout, change: id, ring, outcome: outcome ?? '', behind },
    summary: `a rollout stopped at ring "${ring}", which ended as ${outcome}; ${behind} ${behind === 1 ? 'ring waits' : 'rings wait'} behind it`,
    action: `See why: upkeep changes ${id}. Give the rings behind it up (upkeep changes <id> --abandon), and begin anew`,
  }
}
