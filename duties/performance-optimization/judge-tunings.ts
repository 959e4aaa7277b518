import type { Assessment, Facts } from '@upkeep/contract'
import { judgeTuning } from '@upkeep/domain/control-costs/judge-tuning'
import { printable } from '@upkeep/domain/printable'
import type { Rules } from './rules.ts'

type Costs = Facts<'control-costs'>
type Tuning = Costs['tunings'][number]

/** Each tuning against the negative suite: kept with what it gains, refused with the probe that fails, or not shown. */
export function judgeTunings(costs: Costs): Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'> {
  const judged = costs.tunings.map((tuning) => ({
    tuning,
    verdict: judgeTuning(tuning),
    title: printable(tuning.title, { maxLength: 80 }),
  }))
  return {
    findings: judged.flatMap(({ tuning, verdict, title }) =>
      verdict.state === 'refused' && tuning.inUse
        ? [
            {
              rule: 'tuning-breaks-a-control' as const,
              facts: { tuning: tuning.id, probe: verdict.probe, detail: verdict.detail },
              summary: `"${title}" is in use, and the probe ${printable(verdict.probe, { maxLength: 60 })} fails with it: ${printable(verdict.detail, { maxLength: 160 })}`,
              action: `Take "${title}" back, then make the negative suite again.`,
            },
          ]
        : [],
    ),
    unknowns: judged.flatMap(({ verdict, title }) =>
      verdict.state === 'not-shown' ? [`tuning "${title}": ${verdict.why}`] : [],
    ),
    passes: judged.flatMap(({ tuning, verdict, title }) => {
      if (verdict.state === 'keeps') return [`"${title}" keeps all of ${verdict.probes} probes${gain(costs, tuning)}`]
      return verdict.state === 'refused' && !tuning.inUse
        ? [`"${title}" is refused: the probe ${printable(verdict.probe, { maxLength: 60 })} fails with it`]
        : []
    }),
  }
}

/** What it gains at p95, and whether the intervals say so too. */
function gain({ ways }: Costs, { from, to }: Tuning): string {
  const [before, after] = [from, to].map((name) => ways.find(({ way }) => way === name))
  if (before === undefined || after === undefined) return ''
  const apart = after.p95.high !== null && before.p95.low !== null && after.p95.high < before.p95.low
  const times = `${before.p95.value.toFixed(2)} to ${after.p95.value.toFixed(2)} ms at p95`
  return apart ? `; ${times}` : `; ${times}, which may be chance: the intervals meet`
}
