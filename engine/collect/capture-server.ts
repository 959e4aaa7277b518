import type { GoldenCall, Ports, Refusal, ReplayedCall, Settings, Subject, ToolSurface } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { mayRun } from './may-run.ts'
import { benchFor } from './server-under-test.ts'

const limits = { timeoutMs: 30_000, maxBytes: 4 << 20, times: 2, callMs: 5_000 }

/** What one server offers, and what calls of it come to. */
export interface Captured {
  state: 'captured'
  surface: ToolSurface
  replayed: readonly ReplayedCall[]
}

/**
 * Starts a server's own bytes in the sandbox, where a person let exactly these be run, lists what it offers, makes the calls that follow
 * from that, each in two fresh starts and twice in each, and ends it.
 */
export async function captureServer(
  round: { settings: Settings; ports: Pick<Ports, 'sandbox' | 'mcp'> },
  { subject, plan }: { subject: Subject; plan: RunPlan },
  callsFor: (surface: ToolSurface) => readonly GoldenCall[],
): Promise<Captured | Refusal> {
  const allowed = await mayRun(round, subject, plan)
  if (allowed.state !== 'may') return allowed
  const listed = await startOnce(round, subject, plan, [])
  if (listed.state !== 'captured') return listed
  const calls = callsFor(listed.surface)
  if (calls.length === 0) return listed
  const starts: Captured[] = []
  for (let at = 0; at < 2; at += 1) {
    // What was not answered once is not waited for again.
    const start = await startOnce(
      round,
      subject,
      plan,
      calls.filter(({ id }) => !isSilent(starts, id)),
    )
    if (start.state !== 'captured') return start
    starts.push(start)
  }
  const outcomesOf = (id: string) =>
    starts.flatMap(({ replayed }) => replayed.find((one) => one.id === id)?.outcomes ?? [])
  return { ...listed, replayed: calls.map(({ id, tool }) => ({ id, tool, outcomes: outcomesOf(id) })) }
}

function isSilent(starts: readonly Captured[], id: string): boolean {
  const outcomes = starts.flatMap(({ replayed }) => replayed.find((one) => one.id === id)?.outcomes ?? [])
  return outcomes.some(({ kind }) => kind === 'no-answer')
}

async function startOnce(
  { ports: { sandbox, mcp } }: { ports: Pick<Ports, 'sandbox' | 'mcp'> },
  { name }: Subject,
  plan: RunPlan,
  calls: readonly GoldenCall[],
): Promise<Captured | Refusal> {
  const bench = benchFor({ name, package: null, plan, needs: ['files', 'network', 'processes'], sandbox })
  try {
    const started = await bench.server.start({ opens: 'none' })
    if ('state' in started) return started
    const said = await mcp.replay(started.process, calls, { ...limits, eras: ['initialize', 'discover'] })
    return said.state === 'answered' ? { ...said, state: 'captured' } : said
  } finally {
    await bench.clear()
  }
}
