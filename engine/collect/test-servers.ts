import type { Facts, GoldenCall, Observation, Ports, Settings, Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { placeRun } from '@upkeep/domain/run-plan/sandbox-run'
import { type GoldenLook, goldenCallsOf } from './golden-calls-of.ts'
import { mayRun, wasAsked } from './may-run.ts'
import { benchFor } from './server-under-test.ts'
import { callsOver, type Trial, tryOnce } from './test-trial.ts'
import { attemptsIn, standInsIn } from './tried-in-trial.ts'

/** What testing takes. */
export interface TestRound {
  settings: Settings
  ports: Pick<Ports, 'sandbox' | 'mcp' | 'files'>
  at: string
  signal: AbortSignal
  progress?: (what: string) => void
  /** What earlier rounds found: it holds for as long as neither a byte nor the command line changes. */
  tests: readonly Observation<'server-tests'>[]
}

type Test = Observation<'server-tests'>

const eras = ['initialize', 'discover'] as const
const bounds = { lines: 80, text: 600 }
const never = ['under load, restarted, or with data of an earlier version']

/**
 * Runs each server's own bytes in the sandbox, in both eras of the protocol, each twice, and makes its golden calls, where the round was
 * asked to and a person let exactly these bytes be run. Of every other it says what is known from before, or why nothing is.
 */
export async function testServers(round: TestRound, seen: readonly Observation[]): Promise<Test[]> {
  const tests: Test[] = []
  for (const planned of seen) {
    if (planned.kind !== 'run-plan') continue
    round.signal.throwIfAborted()
    const { subject } = planned
    if (planned.state !== 'seen') tests.push({ ...planned, kind: 'server-tests' })
    else if (wasAsked(round.settings, subject)) tests.push(await test(round, subject, planned.facts))
    else tests.push(earlierTest(round, subject, planned.facts))
  }
  return tests
}

function earlierTest({ tests }: TestRound, subject: Subject, plan: RunPlan): Test {
  const kind = 'server-tests'
  const earlier = tests.find((one) => one.subject.id === subject.id)
  if (earlier?.state !== 'seen')
    return { kind, subject, state: 'unavailable', code: 'not-consented', reason: 'it was not tested yet' }
  const { bytes, command } = earlier.facts
  if (bytes === plan.bytes && command === plan.command) return { kind, subject, state: 'seen', facts: earlier.facts }
  const what = bytes === plan.bytes ? 'command line has' : 'bytes have'
  return { kind, subject, state: 'unavailable', code: 'stale', reason: `its ${what} changed since it was tested` }
}

async function test(round: TestRound, subject: Subject, plan: RunPlan): Promise<Test> {
  const allowed = await mayRun(round, subject, plan)
  if (allowed.state !== 'may') return { kind: 'server-tests', subject, ...allowed }
  const { sandbox, mcp, files } = round.ports
  const golden = goldenCallsOf(subject.name, round.settings, files)
  const bench = benchFor({ name: subject.name, package: null, plan, needs: ['files', 'network', 'processes'], sandbox })
  const trials: Trial[] = []
  try {
    for (const era of eras) {
      for (const watch of [allowed.backend.watches, false]) {
        round.signal.throwIfAborted()
        round.progress?.(`Running ${subject.name} in the sandbox, ${era}`)
        trials.push(await tryOnce({ server: bench.server, mcp, era, watch, calls: golden.calls }))
      }
    }
  } finally {
    await bench.clear()
  }
  const { id, version, isolates } = allowed.backend
  const head = { command: plan.command, bytes: allowed.bytes, at: round.at }
  const facts = { ...head, backend: { id, version, isolates: [...isolates] }, ...found(plan, trials, golden) }
  return { kind: 'server-tests', subject, state: 'seen', facts }
}

type Found = Omit<Facts<'server-tests'>, 'command' | 'bytes' | 'at' | 'backend'>

function found(plan: RunPlan, trials: readonly Trial[], golden: GoldenLook): Found {
  const watched = trials.filter((one) => one.outcome?.attempts != null)
  const tried = watched.map(({ outcome }) => outcome).filter((one) => one !== null)
  return {
    standIns: placeRun(plan).standIns,
    standInsSeen: standInsIn(plan, trials),
    trials: trials.map(({ facts }) => facts),
    calls: callsOver(golden, trials),
    attempts: tried.length === 0 ? null : attemptsIn(tried),
    attemptsCut: tried.some(({ attemptsCut }) => attemptsCut),
    transcript: (trials[0]?.outcome?.transcript ?? [])
      .slice(0, bounds.lines)
      .map(({ way, atMs, line }) => ({ way, atMs, line: line.slice(0, bounds.text).toWellFormed() })),
    notTested: [...golden.notTested, ...unrecorded(golden.calls), ...never],
  }
}

function unrecorded(calls: readonly GoldenCall[]): string[] {
  const without = calls.filter(({ expect }) => expect === undefined).length
  return without === 0 ? [] : [`whether ${without} golden calls without a record still come to the same`]
}
