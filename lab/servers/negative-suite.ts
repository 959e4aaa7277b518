import type { SuiteResult } from '@upkeep/contract/observations/control-costs'
import { runProbes } from '@upkeep/engine/collect/run-probes'
import { authentication } from '@upkeep/probes/authentication/probe'
import { cors } from '@upkeep/probes/cors/probe'
import { host } from '@upkeep/probes/host/probe'
import { origin } from '@upkeep/probes/origin/probe'
import { realPorts } from './declared.ts'

/** The whole negative suite of a live endpoint, made by the engine as `upkeep scan` makes it. */
export async function negativeSuite(url: string, token: string): Promise<SuiteResult[]> {
  const { results } = await runProbes({
    probes: [authentication, origin, host, cors],
    subject: { url, authorization: `Bearer ${token}` },
    shownUrl: url,
    ports: realPorts(),
    signal: new AbortController().signal,
    pauseMs: 1,
  })
  return results.map(({ probe, outcome, detail }) => ({ probe, outcome, detail }))
}
