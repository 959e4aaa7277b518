import type { AnyProbe, Facts, Observation, Ports, Settings } from '@upkeep/contract'
import { listedTargets } from './listed-target.ts'
import { runProbes } from './run-probes.ts'

/** What making negative requests takes. */
export interface ProbeRound {
  probes: readonly AnyProbe[]
  settings: Settings
  ports: Ports
  signal: AbortSignal
  progress?: (what: string) => void
}

/**
 * Tries the controls of each server whose owner listed it, once per endpoint however many entries name it. Of every other server it is
 * said why it was not tried.
 */
export async function probeListedServers(
  round: ProbeRound,
  servers: readonly { observation: Observation<'declared-server'> }[],
): Promise<Observation<'control-probes'>[]> {
  const kind = 'control-probes'
  const tried = new Map<string, Facts<'control-probes'>>()
  const observations: Observation<'control-probes'>[] = []
  for (const { subject, target } of listedTargets(round, servers)) {
    if (target.state !== 'listed') {
      observations.push({ kind, subject, ...target })
      continue
    }
    const { reached, shownUrl } = target
    if (!tried.has(reached.url)) round.progress?.(`Trying the controls of ${subject.name}`)
    const facts = tried.get(reached.url) ?? (await runProbes({ ...round, subject: reached, shownUrl }))
    tried.set(reached.url, facts)
    observations.push({ kind, subject, state: 'seen', facts })
  }
  return observations
}
