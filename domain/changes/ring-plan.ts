import type { Ring } from '@upkeep/contract/ring'

/** One thing that a rollout is to change: whose home it is in, and of which server. */
export interface RingTarget {
  readonly home: string
  readonly server: string | null
}

/** What of a rollout one ring takes. */
export interface RingShare<Target extends RingTarget> {
  readonly ring: Ring
  readonly targets: readonly Target[]
}

const everything: Ring = { name: 'all', soakMinutes: 0 }

/**
 * Deals targets out to rings: the first ring that names one takes it, the last takes what is left. A ring that nothing fell to is left out; a
 * home whose targets fall to two rings is in both.
 */
export function ringPlan<Target extends RingTarget>(
  rings: readonly Ring[],
  targets: readonly Target[],
): RingShare<Target>[] {
  const order = rings.length === 0 ? [everything] : rings
  const takers = order.map(takerOf)
  const last = order.length - 1
  const dealt = order.map((): Target[] => [])
  for (const target of targets) {
    const at = takers.findIndex((takes, index) => index === last || takes(target))
    dealt[at]?.push(target)
  }
  return order.map((ring, index) => ({ ring, targets: dealt[index] ?? [] })).filter((share) => share.targets.length > 0)
}

/** Names are looked up, and only those that end in * are gone through. */
function takerOf({ homes, servers }: Ring): (target: RingTarget) => boolean {
  const named = homes === undefined ? null : new Set(homes.filter((home) => !home.endsWith('*')))
  const begun = (homes ?? []).flatMap((home) => (home.endsWith('*') ? [home.slice(0, -1)] : []))
  const wanted = servers === undefined ? null : new Set(servers)
  return ({ home, server }) => {
    const isHome = named === null || named.has(home) || begun.some((start) => home.startsWith(start))
    return isHome && (wanted === null || (server !== null && wanted.has(server)))
  }
}
