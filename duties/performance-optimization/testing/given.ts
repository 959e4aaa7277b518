import type { Facts, Seen } from '@upkeep/contract'
import { plainServer } from '@upkeep/contract/testing/plain-server'

type Costs = Facts<'control-costs'>
type Way = Costs['ways'][number]

export const declared: Seen<'declared-server'> = { state: 'seen', facts: plainServer }

/** A way whose p95 lies between `low` and `high`. */
export function way(
  name: string,
  controls: string[],
  [low, high]: [number | null, number | null],
  over: Partial<Way> = {},
): Way {
  const value = low ?? high ?? 1
  const other = { value, low, high }
  return {
    way: name,
    controls,
    n: 400,
    failures: 0,
    p50: other,
    p95: { value, low, high },
    p99: other,
    cpuMs: 1,
    memoryBytes: 1,
    ...over,
  }
}

export const direct = way('direct', [], [1, 2])
export const proxy = way('proxy', ['authentication', 'origin'], [6, 7])
export const suite = (origin: 'held' | 'broken' | 'inconclusive' = 'held') => [
  { probe: 'authentication', outcome: 'held' as const, detail: '' },
  { probe: 'origin', outcome: origin, detail: 'a foreign page is served' },
]

export function tuning(over: Partial<Costs['tunings'][number]> = {}): Costs['tunings'][number] {
  const plain = {
    id: 'connection-reuse',
    title: 'Connections are used again',
    inUse: false,
    from: 'proxy',
    to: 'proxy, reused',
  }
  return { ...plain, suiteWithout: suite(), suiteWith: suite(), ...over }
}

export function costs(over: Partial<Costs> = {}): Seen<'control-costs'> {
  const facts: Costs = {
    ...{ format: 'upkeep-control-costs/1', server: 'fs', measuredAt: '2026-11-20T09:00:00.000Z', machine: 'two cores' },
    ...{ call: 'echo', seed: 1, tolerance: 0.5, ways: [direct, proxy], again: [direct, proxy], tunings: [] },
    ...over,
  }
  return { state: 'seen', facts }
}
