import { setTimeout } from 'node:timers/promises'
import type {
  GoldenCall,
  Ports,
  Refusal,
  ReplayedCall,
  SandboxedProcess,
  Settings,
  Subject,
  ToolSurface,
} from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { mayRun } from './may-run.ts'
import { benchFor } from './server-under-test.ts'

const limits = { timeoutMs: 30_000, maxBytes: 4 << 20, times: 2, callMs: 5_000 }
const settlingMs = 1_000

/** What one server offers, and what calls of it come to. */
export interface Captured {
  state: 'captured'
  surface: ToolSurface
  replayed: readonly ReplayedCall[]
}

/**
 * Starts a server's own bytes in the sandbox, where a person let exactly these be run, lists what it offers, makes the calls that follow
 * from that, each in two fresh starts and twice in each, and ends it. With `watchMs` it is looked at for so long after it has answered: one that
 * ends by itself meanwhile is unreachable.
 */
export async function captureServer(
  round: { settings: Settings; ports: Pick<Ports, 'sandbox' | 'mcp'> },
  { subject, plan }: { subject: Subject; plan: RunPlan },
  callsFor: (surface: ToolSurface) => readonly GoldenCall[],
  watchMs = 0,
): Promise<Captured | Refusal> {
  const allowed = await mayRun(round, subject, plan)
  if (allowed.state !== 'may') return allowed
  const listed = await startTwice(round, subject, plan, watchMs)
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

/** What ended by itself is started once more before it is believed. */
async function startTwice(
  round: { ports: Pick<Ports, 'sandbox' | 'mcp'> },
  subject: Subject,
  plan: RunPlan,
  watchMs: number,
): Promise<Captured | Refusal> {
  const first = await startOnce(round, subject, plan, [], watchMs)
  return first.state === 'captured' || first.code !== 'unreachable'
    ? first
    : startOnce(round, subject, plan, [], watchMs)
}

async function startOnce(
  { ports: { sandbox, mcp } }: { ports: Pick<Ports, 'sandbox' | 'mcp'> },
  { name }: Subject,
  plan: RunPlan,
  calls: readonly GoldenCall[],
  watchMs = 0,
): Promise<Captured | Refusal> {
  const bench = benchFor({ name, package: null, plan, needs: ['files', 'network', 'processes'], sandbox })
  try {
    const started = await bench.server.start({ opens: 'none' })
    if ('state' in started) return started
    const said = await mcp.replay(started.process, calls, { ...limits, eras: ['initialize', 'discover'] })
    if (said.state !== 'answered') {
      const how = await endedWithin(started.process, settlingMs)
      return how === null ? said : { ...said, code: 'unreachable', reason: how }
    }
    const how = watchMs === 0 ? null : await endedWithin(started.process, watchMs)
    if (how === null) return { ...said, state: 'captured' }
    const seconds = Math.round(watchMs / 1_000)
    return { state: 'unavailable', code: 'unreachable', reason: `it answered, and within ${seconds} seconds ${how}` }
  } finally {
    await bench.clear()
  }
}

/** How a program that is not spoken to ended within a time; null where it runs on. */
async function endedWithin({ ended }: SandboxedProcess, ms: number): Promise<string | null> {
  const over = new AbortController()
  const runsOn = setTimeout(ms, null, { signal: over.signal }).catch(() => null)
  const outcome = await Promise.race([ended, runsOn])
  over.abort()
  if (outcome === null) return null
  return outcome.ended === 'by-itself'
    ? `it ended with ${outcome.exitCode ?? outcome.signal}`
    : `it hit the limit of ${outcome.ended}`
}
