import { defineCollector, type Seen } from '@upkeep/contract'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { FilesPort, PlacesPort } from '@upkeep/contract/ports'
import { planRun } from '@upkeep/domain/run-plan/plan-run'
import { confinementOf } from './confinement-of.ts'
import { startFile } from './start-file.ts'

/** What would be started if a server were run in the sandbox: its own bytes, without launcher, registry and secrets. Starts nothing. */
export const runPlan = defineCollector({
  id: 'run-plan',
  version: 1,
  title: 'What would be started in the sandbox',
  sees: ['run-plan'],
  per: 'server',
  reaches: ['files', 'places'],
  after: ['resolved-package'],
  timeoutSeconds: 20,
  async collect({ for: { subject, place, server }, prior, ports }) {
    const resolved = prior['resolved-package'][0]
    return [{ kind: 'run-plan', subject, ...look() }]

    function look(): Seen<'run-plan'> {
      if (server.transport !== 'stdio') return { state: 'absent', reason: 'it is reached at a URL: nothing is started' }
      if (place.platform !== 'linux') return unavailable('the sandbox is for Linux so far')
      if (resolved?.state !== 'seen') return unavailable(resolved?.reason ?? 'no copy was looked for')
      const plan = planOf(ports, server, resolved.facts)
      return typeof plan === 'string' ? unavailable(plan) : { state: 'seen', facts: plan }
    }
  },
})

type Reached = { files: FilesPort; places: PlacesPort }

function planOf(ports: Reached, server: DeclaredServer, resolved: ResolvedPackage): RunPlan | string {
  const copy = resolved.wouldRun === null ? undefined : resolved.installed[resolved.wouldRun]
  if (copy === undefined) return `which bytes would run is not known: ${resolved.why}`
  const start = startFile(ports.files, server, resolved, copy)
  const plan = typeof start === 'string' ? start : planRun(server, copy, start)
  return typeof plan === 'string' ? plan : confinementOf(ports, server, plan)
}

function unavailable(reason: string): Seen<'run-plan'> {
  return { state: 'unavailable', code: 'not-supported', reason }
}
