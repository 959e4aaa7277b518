import type { Facts, Seen } from '@upkeep/contract'

/** What was tried on one control, counted: never averaged with another. */
export interface ControlTrials {
  control: string
  trials: number
  prevented: number
  missed: number
  inconclusive: number
  /** Of those that were prevented, the ones that were then found in a log, and after how long at most. */
  detected: number
  slowestMs: number
  probes: string[]
  /** Ids of public lists that the trials that got through belong to. */
  maps: string[]
  /** When the newest was made. */
  at: string
  /** Of the worst: what got through, else what stayed open, else what there was nothing to try on. */
  detail: string
}

type Outcome = Facts<'server-probes'>['results'][number]['outcome']
interface Trial {
  control: string
  probe: string
  outcome: Outcome
  detail: string
  at: string
  maps: readonly string[]
  /** How long after the attack it stood in the log; null where that was not looked for. */
  detectedAfterMs: number | null
}

/** Requests to a listed endpoint try the same controls under names of their own; what is not here has the same name, or no atom. */
const sameControl: Partial<Record<string, string>> = {
  cors: 'cross-origin-reading',
  audience: 'token-audience',
  session: 'session-known',
  'error-leakage': 'error-text',
  'input-size': 'body-size',
  'allow-list': 'tool-list',
  'rate-limit': 'rate',
}

const worst: readonly Outcome[] = ['broken', 'inconclusive', 'not-applicable', 'held']

/** Trials of a server's own bytes and of its listed endpoint, by atoms and by single requests, by control. One with nothing to work on is no trial. */
export function trialsByControl(
  proofs: Seen<'server-probes'>,
  probes: Seen<'control-probes'>,
  attacks: Seen<'endpoint-attacks'>,
  at: string,
): Map<string, ControlTrials> {
  const grouped = Map.groupBy(
    [...ofAtoms(proofs), ...ofAtoms(attacks), ...ofEndpoint(probes, at)],
    ({ control }) => control,
  )
  return new Map([...grouped].map(([control, trials]) => [control, counted(control, trials)]))
}

function ofAtoms(made: Seen<'server-probes'> | Seen<'endpoint-attacks'>): Trial[] {
  if (made.state !== 'seen') return []
  const { results, at } = made.facts
  return results.flatMap(({ tries, probe, outcome, detail, cites, at: own }) =>
    tries.kind === 'control'
      ? [{ control: tries.control, probe, outcome, detail, at: own ?? at, maps: cites ?? [], detectedAfterMs: null }]
      : [],
  )
}

function ofEndpoint(probes: Seen<'control-probes'>, at: string): Trial[] {
  if (probes.state !== 'seen') return []
  return probes.facts.results.map(({ control, probe, outcome, detail, detectedAfterMs = null }) => {
    return { control: sameControl[control] ?? control, probe, outcome, detail, at, maps: [], detectedAfterMs }
  })
}

function counted(control: string, trials: readonly Trial[]): ControlTrials {
  const of = (outcome: Outcome) => trials.filter((one) => one.outcome === outcome)
  const delays = of('held').flatMap(({ detectedAfterMs }) => detectedAfterMs ?? [])
  const [first] = [...trials].sort((a, b) => worst.indexOf(a.outcome) - worst.indexOf(b.outcome))
  return {
    control,
    trials: trials.length - of('not-applicable').length,
    prevented: of('held').length,
    missed: of('broken').length,
    inconclusive: of('inconclusive').length,
    detected: delays.length,
    slowestMs: Math.max(0, ...delays),
    probes: of('broken').map(({ probe }) => probe),
    maps: [...new Set(of('broken').flatMap(({ maps }) => maps))],
    at:
      trials
        .map((one) => one.at)
        .sort()
        .at(-1) ?? '',
    detail: first?.detail ?? '',
  }
}
