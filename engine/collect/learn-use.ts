import type { Ports, Refusal, Settings, Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { ObservedUse } from '@upkeep/domain/confinement/draft-profile'
import { goldenCallsOf } from './golden-calls-of.ts'
import { mayRun } from './may-run.ts'
import { benchFor } from './server-under-test.ts'

const limits = { timeoutMs: 30_000, maxBytes: 4 << 20, times: 1, callMs: 5_000 }

/**
 * Runs a server in the sandbox, where a person let exactly these bytes be run, makes its golden calls, and says what it used meanwhile: files
 * that it looked at or wrote, addresses that it tried to reach, programs that it started. Walls of its own are left away for it.
 */
export async function learnUse(
  round: { settings: Settings; ports: Pick<Ports, 'sandbox' | 'mcp' | 'files'> },
  { subject, plan }: { subject: Subject; plan: RunPlan },
): Promise<ObservedUse | Refusal> {
  const allowed = await mayRun(round, subject, plan)
  if (allowed.state !== 'may') return allowed
  const { confined: _, ...open } = plan
  const { sandbox, mcp, files } = round.ports
  const { calls } = goldenCallsOf(subject.name, round.settings, files)
  const needs = ['files', 'network', 'processes'] as const
  const bench = benchFor({ name: subject.name, package: null, plan: open, needs, sandbox })
  try {
    const started = await bench.server.start({ opens: 'none', watch: 'reads' })
    if ('state' in started) return started
    const said = await mcp.replay(started.process, calls, { ...limits, eras: ['initialize', 'discover'] })
    const { attempts, attemptsCut } = await started.stop()
    if (said.state !== 'answered') return said
    return {
      listed: said.surface.tools?.map(({ name }) => name) ?? null,
      called: said.replayed.map(({ tool }) => tool),
      // Of a record with gaps nobody can say what is not in it.
      attempts: attemptsCut ? null : attempts,
    }
  } finally {
    await bench.clear()
  }
}
