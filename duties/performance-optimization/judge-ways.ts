import type { Assessment, Facts, FindingDraft } from '@upkeep/contract'
import { judgeTuning } from '@upkeep/domain/control-costs/judge-tuning'
import { printable } from '@upkeep/domain/printable'
import type { Rules } from './rules.ts'

type Costs = Facts<'control-costs'>
type Way = Costs['ways'][number]
type Said = Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'>

/** What each way adds to the one without controls. It is too much only where even the intervals do not meet. */
export function judgeWays(costs: Costs, allowedMs: number): Said {
  const bare = costs.ways.find(({ controls }) => controls.length === 0)
  if (bare === undefined)
    return { findings: [], unknowns: ['what its controls add: nothing was measured without them'], passes: [] }
  const guarded = costs.ways.filter(({ controls }) => controls.length > 0)
  const added = guarded.map((way) => ({ way, least: least(bare, way), plain: way.p95.value - bare.p95.value }))
  return {
    findings: added.flatMap(({ way, least }) =>
      least !== null && least > allowedMs ? [tooMuch(costs, way, least, allowedMs)] : [],
    ),
    unknowns: costs.ways.flatMap(tooLittle),
    passes: added
      .filter(({ least }) => least !== null && least <= allowedMs)
      .map(
        ({ way, plain }) =>
          `${nameOf(way)}: p50 ${ms(way.p50.value)}, p95 ${ms(way.p95.value)}, p99 ${ms(way.p99.value)}, ${ms(plain)} more than without at p95 (n=${way.n})`,
      ),
  }
}

/** Whether a second measurement comes to the same, at the median, within the stated tolerance. */
export function judgeAgain({ ways, again, tolerance }: Costs): Said {
  if (again.length === 0)
    return { findings: [], unknowns: ['whether it can be measured again: it was measured once'], passes: [] }
  const pairs = ways.flatMap((way) => again.filter((one) => one.way === way.way).map((second) => ({ way, second })))
  const off = pairs.filter(({ way, second }) => Math.abs(second.p50.value - way.p50.value) > tolerance * way.p50.value)
  const findings = off.map(
    ({ way, second }): FindingDraft<Rules> => ({
      rule: 'numbers-do-not-hold',
      facts: { way: way.way, first: way.p50.value, second: second.p50.value, tolerance },
      summary: `${nameOf(way)}: the median was ${ms(way.p50.value)} and then ${ms(second.p50.value)}; ${Math.round(tolerance * 100)} % were allowed`,
      action: 'Measure again on a quiet machine, with more calls.',
    }),
  )
  const held = off.length === 0 && pairs.length > 0
  return {
    findings,
    unknowns: [],
    passes: held ? [`measured twice, ${pairs.length} ways within ${Math.round(tolerance * 100)} % at the median`] : [],
  }
}

/** The least that a way adds at p95 by both intervals; null where one of them is open. */
function least(bare: Way, way: Way): number | null {
  return way.p95.low === null || bare.p95.high === null ? null : way.p95.low - bare.p95.high
}

/** The only way out that is named is a tuning with which every probe holds. */
function tooMuch({ tunings }: Costs, way: Way, addedMs: number, allowedMs: number): FindingDraft<Rules> {
  const kept = tunings.find((one) => one.from === way.way && !one.inUse && judgeTuning(one).state === 'keeps')
  return {
    rule: 'control-costs-too-much',
    facts: { way: way.way, controls: [...way.controls], addedMs, allowedMs },
    summary: `${nameOf(way)} adds at least ${ms(addedMs)} to the slowest 5 % of calls; ${ms(allowedMs)} are allowed (n=${way.n})`,
    action:
      kept === undefined
        ? 'Try a tuning with the whole negative suite, or allow more time with maxAddedMs; leave the control in place.'
        : `Take the tuning "${printable(kept.title, { maxLength: 80 })}": every probe holds with it.`,
  }
}

/** Little data is said, never filled in. */
function tooLittle({ way, n, failures, p95, p99 }: Way): string[] {
  const name = printable(way, { maxLength: 80 })
  const open = p95.high === null ? 'p95' : p99.high === null ? 'p99' : null
  return [
    ...(open === null ? [] : [`${name}: ${n} calls are too few to bound its ${open} from above`]),
    ...(failures === 0
      ? []
      : [`${name}: ${failures} of ${n + failures} calls came to nothing and are not in its numbers`]),
  ]
}

function nameOf({ way }: Way): string {
  return printable(way, { maxLength: 80 })
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`
}
