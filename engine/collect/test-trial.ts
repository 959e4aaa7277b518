import { setTimeout } from 'node:timers/promises'
import type {
  Facts,
  GoldenCall,
  ListedTool,
  McpPort,
  ReplayedCall,
  SandboxOutcome,
  ServerUnderTest,
} from '@upkeep/contract'
import type { Era, ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { printable } from '@upkeep/domain/printable'
import { compareReplays } from '@upkeep/domain/replay/compare-replays'
import { findRenames } from '@upkeep/domain/tool-surface/find-renames'
import { fingerprintOf, meaningOf } from '@upkeep/domain/tool-surface/meaning'
import type { GoldenLook } from './golden-calls-of.ts'

type TrialFacts = Facts<'server-tests'>['trials'][number]

/** One start of a server: its facts, and what they were drawn from. */
export interface Trial {
  facts: TrialFacts
  /** Null where it could not be started. */
  outcome: SandboxOutcome | null
  surface: ToolSurface | null
  replayed: readonly ReplayedCall[]
}

const settlingMs = 1_000
const limits = { timeoutMs: 30_000, maxBytes: 4 << 20, times: 2, callMs: 5_000 }

/** Starts a server in one era, lists what it offers, makes the golden calls, and stops it. */
export async function tryOnce(trial: {
  server: ServerUnderTest
  mcp: McpPort
  era: Era
  watch: boolean
  calls: readonly GoldenCall[]
}): Promise<Trial> {
  const { server, mcp, era, watch, calls } = trial
  const started = await server.start({ opens: 'none', watch })
  if ('state' in started) return notStarted(era, watch, started.reason)
  const said = await mcp.replay(started.process, calls, { ...limits, eras: [era] })
  // What ended by itself says more with its own exit code than with ours.
  if (said.state === 'unavailable') await Promise.race([started.process.ended, setTimeout(settlingMs)])
  const outcome = await started.stop()
  const { ended, wallMs, cpuMs, peakMemoryBytes, leftBehind } = outcome
  const use = { ended, wallMs, cpuMs, peakMemoryBytes, leftBehind: [...leftBehind] }
  const head = { era, watched: outcome.attempts !== null }
  if (said.state === 'unavailable') {
    const how = ended === 'by-itself' ? `it ended with ${outcome.exitCode ?? outcome.signal}` : said.reason
    const facts = { ...head, ...nothingSaid(how), ...use }
    return { facts, outcome, surface: null, replayed: [] }
  }
  const { surface, replayed } = said
  const facts: TrialFacts = {
    ...head,
    state: 'answered',
    detail: '',
    protocolVersion: surface.protocolVersion === null ? null : printable(surface.protocolVersion, { maxLength: 40 }),
    tools: surface.tools?.length ?? null,
    surface: fingerprintOf(surface),
    ...use,
  }
  return { facts, outcome, surface, replayed }
}

function notStarted(era: Era, watched: boolean, reason: string): Trial {
  const use = { ended: 'not-started', wallMs: 0, cpuMs: null, peakMemoryBytes: null, leftBehind: [] }
  return { facts: { era, watched, ...nothingSaid(reason), ...use }, outcome: null, surface: null, replayed: [] }
}

function nothingSaid(why: string) {
  const detail = printable(why, { maxLength: 300 })
  return { state: 'refused' as const, detail, protocolVersion: null, tools: null, surface: null }
}

/** Holds the golden calls against their records, over all starts in the first era that was answered in. */
export function callsOver(
  { calls, tools: recordedTools }: Pick<GoldenLook, 'calls' | 'tools'>,
  trials: readonly Trial[],
): Facts<'server-tests'>['calls'] {
  const era = trials.find(({ surface }) => surface !== null)?.facts.era
  const of = trials.filter(({ facts, surface }) => facts.era === era && surface !== null)
  const all = calls.map(({ id, tool }) => ({
    id,
    tool,
    outcomes: of.flatMap(({ replayed }) => replayed.find((one) => one.id === id)?.outcomes ?? []),
  }))
  const made = all.filter(({ outcomes }) => outcomes.length > 0)
  const tools = of[0]?.surface?.tools?.map(({ name }) => name) ?? null
  const recorded = new Set(calls.flatMap(({ id, expect }) => (expect === undefined ? [] : [id])))
  const renames = renamesSince(recordedTools, of[0]?.surface ?? null)
  return compareReplays(calls, made, made, { tools, renames }).map(({ likelyNow, id, tool, state, kind, was, is }) => ({
    ...(likelyNow === null ? {} : { likelyNow }),
    id,
    tool,
    recorded: recorded.has(id),
    state,
    kind,
    was,
    is,
  }))
}

/** The likely new names of tools that calls were recorded on and that are not listed any more. */
function renamesSince(recorded: readonly ListedTool[], surface: ToolSurface | null): Map<string, string> {
  if (surface?.tools == null) return new Map()
  const [was, is] = [{ ...surface, tools: [...recorded] }, surface].map((one) => meaningOf(one).tools ?? [])
  const names = { was: new Set(was?.map(({ name }) => name)), is: new Set(is?.map(({ name }) => name)) }
  const gone = (was ?? []).filter(({ name }) => !names.is.has(name))
  const came = (is ?? []).filter(({ name }) => !names.was.has(name))
  return new Map(findRenames(gone, came).map(({ from, to }) => [from, to]))
}
