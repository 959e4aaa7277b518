import type { Facts, Observation } from '@upkeep/contract'
import type { ChangeTest } from '@upkeep/contract/change-step'
import type { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import compare from 'semver/functions/compare.js'
import { printable } from '../printable.ts'
import { compareSurfaces } from '../tool-surface/compare-surfaces.ts'
import { introducedBy } from '../tool-surface/introduced.ts'
import { runtimeFloor } from '../versions/runtime-floor.ts'
import { attacksBehindWalls } from './attacks-behind-walls.ts'
import { controlsTried, weaknessesTried } from './trial-probes.ts'

/** What running one server as a change would leave it came to. */
export interface ServerTrial {
  readonly server: string
  readonly tests: Observation<'server-tests'> | undefined
  /** The known weaknesses that were tried on the new bytes. */
  readonly proofs: Observation<'server-probes'> | undefined
  /** The controls that were attacked on the new bytes and on the old ones; a text says why none was. */
  readonly controls: { readonly is: Proofs; readonly was: Proofs } | string
  /** Where the change confines it: the attacks on files and network, made without its walls and behind them. */
  readonly walls?: { readonly without: Proofs; readonly behind: Proofs }
  /** What it offered before and would offer; a text says why that was not seen, or that it did not run on. */
  readonly was: ToolSurface | string
  readonly is: ToolSurface | string
  /** Whether the old version, too, ended by itself within the time that it was looked at. */
  readonly endedBefore: boolean
  /** The Node that it says it needs, and the one that it would get here; null where that is not known, or it runs on something else. */
  readonly node: { readonly needs: string | null; readonly here: string | null } | null
}

/** How long a server is looked at after it has answered, in milliseconds: what dies young dies within that. */
export const watchMs = 5_000

type Proofs = Observation<'server-probes'> | undefined
type Outcome = ChangeTest['outcome']
const most = 2_000

/** The tests of a change that one server's run in the sandbox comes to. What was not run says why, and counts for nothing. */
export function trialTests(trial: ServerTrial): ChangeTest[] {
  const named = (
    name: string,
    [outcome, detail]: readonly [Outcome, string],
    held?: readonly string[],
  ): ChangeTest => ({
    name: `${trial.server}: ${name}`.slice(0, 200),
    outcome,
    detail: printable(detail, { maxLength: most - 60 }),
    ...(held === undefined || held.length === 0 ? {} : { held: [...held] }),
  })
  const { tests } = trial
  const why = tests === undefined ? 'it was not looked at' : tests.state === 'seen' ? null : tests.reason
  const run = (test: (facts: Facts<'server-tests'>) => readonly [Outcome, string]) =>
    tests?.state === 'seen' ? test(tests.facts) : (['not-run', why ?? ''] as const)
  const weaknesses = weaknessesTried(trial.proofs)
  const controls = controlsOf(trial)
  return [
    named('starts', run(starts)),
    named(
      'runs on',
      run(() => runsOn(trial)),
    ),
    named('surface', surface(trial)),
    named('golden calls', run(goldenCalls)),
    ...(trial.walls === undefined
      ? [
          named('probes', [weaknesses.outcome, weaknesses.detail], weaknesses.held),
          named('controls', [controls.outcome, controls.detail]),
        ]
      : [named('attacks behind its walls', attacksBehindWalls(trial.walls.without, trial.walls.behind))]),
    named('resources', run(resources)),
    ...(trial.node === null ? [] : [named('runtime', runtime(trial.node))]),
  ]
}

function starts({ trials }: Facts<'server-tests'>): readonly [Outcome, string] {
  const eras = [...new Set(trials.map(({ era }) => era))]
  const words = eras.map((era) => {
    const of = trials.filter((one) => one.era === era)
    const answered = of.filter(({ state }) => state === 'answered')
    if (answered.length === of.length) return { era, is: 'answered', says: `${era}: answers` }
    if (answered.length > 0)
      return { era, is: 'flaky', says: `${era}: answers ${answered.length} of ${of.length} times` }
    return { era, is: 'refused', says: `${era}: does not answer (${of[0]?.detail ?? ''})` }
  })
  const fine = words.some(({ is }) => is === 'answered') && words.every(({ is }) => is !== 'flaky')
  return [fine ? 'passed' : 'failed', words.map(({ says }) => says).join('; ')]
}

function controlsOf({ controls }: ServerTrial): Pick<ChangeTest, 'outcome' | 'detail'> {
  return typeof controls === 'string'
    ? { outcome: 'not-run', detail: controls }
    : controlsTried(controls.is, controls.was)
}

/** What did not run on before is no worse for not running on now: the sandbox may lack what it needs. */
function runsOn({ is, endedBefore }: ServerTrial): readonly [Outcome, string] {
  if (typeof is === 'string') return endedBefore ? ['not-run', `${is}; so does the version of now`] : ['failed', is]
  return ['passed', `it ran on for ${watchMs / 1_000} seconds after it had answered`]
}

/** Below what it says it needs a server may start all the same; what it then does nobody promises. The person decides, and is told before. */
function runtime({ needs, here }: NonNullable<ServerTrial['node']>): readonly [Outcome, string] {
  const floor = runtimeFloor(needs)
  if (floor === null) return ['not-run', 'it does not say which Node it needs']
  if (here === null) return ['not-run', `it needs Node ${needs}; which one is here could not be asked`]
  if (compare(here, floor) >= 0) return ['passed', `it needs Node ${needs}, and here is ${here}`]
  return ['not-run', `it needs Node ${needs}, and here is ${here}: below what its makers stand for. Update Node first`]
}

/** What an honest update may bring: told, and not held against it. */
const ordinary: ReadonlySet<string> = new Set(['url', 'widened-schema', 'hint-flip'])

function surface({ was, is }: ServerTrial): readonly [Outcome, string] {
  if (typeof is === 'string') return ['not-run', `what it would offer was not seen: ${is}`]
  if (typeof was === 'string') return ['not-run', `what it offers now was not seen: ${was}`]
  const introduced = introducedBy(was, is)
  const poison = introduced.filter(({ kind }) => !ordinary.has(kind))
  if (poison.length > 0)
    return ['failed', poison.map(({ kind, where, says }) => `${where} brings ${kind}: ${says}`).join('; ')]
  const changes = compareSurfaces(was, is)
  if (changes.length === 0) return ['passed', 'it offers exactly what it offered']
  const renamed = changes.filter(({ kind }) => kind === 'tool-renamed').map(({ of, is }) => `${of} is likely ${is}`)
  const of = (kind: string) => changes.flatMap((one) => (one.kind === kind ? [one.of ?? ''] : []))
  const [came, gone] = [of('tool-added'), of('tool-removed')]
  const rest = changes.length - came.length - gone.length - renamed.length
  return [
    'passed',
    [
      ...(came.length > 0 ? [`new: ${came.join(', ')}`] : []),
      ...(gone.length > 0 ? [`gone: ${gone.join(', ')}`] : []),
      ...renamed,
      ...(rest > 0 ? [`${rest} changes of text or parameters`] : []),
      ...introduced.slice(0, 5).map(({ kind, where }) => `${kind} at ${where}`),
    ].join('; '),
  ]
}

function goldenCalls({ calls, notTested }: Facts<'server-tests'>): readonly [Outcome, string] {
  const recorded = calls.filter((one) => one.recorded)
  if (recorded.length === 0) return ['not-run', notTested[0] ?? 'no call was recorded']
  const wrong = recorded.filter(({ state }) => state !== 'same')
  if (wrong.length === 0) return ['passed', `${recorded.length} recorded calls come to the same`]
  const words = wrong.map(({ tool, state, kind, likelyNow }) => {
    const now = likelyNow === undefined ? '' : `, likely ${likelyNow} now`
    return `${tool}: ${kind ?? state}${now}`
  })
  return ['failed', `${wrong.length} of ${recorded.length} recorded calls do not come to the same. ${words.join('; ')}`]
}

function resources({ trials }: Facts<'server-tests'>): readonly [Outcome, string] {
  const answered = trials.filter(({ state, watched }) => state === 'answered' && !watched)
  const left = trials.flatMap(({ leftBehind }) => leftBehind)
  if (left.length > 0) return ['failed', `it leaves behind: ${left.join(', ')}`]
  const limited = trials.find(({ ended }) => !['stopped', 'by-itself', 'not-started'].includes(ended))
  if (limited !== undefined) return ['failed', `it hits the limit of ${limited.ended}`]
  if (answered.length === 0) return ['not-run', 'it did not answer unwatched']
  const memory = Math.max(...answered.map(({ peakMemoryBytes }) => peakMemoryBytes ?? 0))
  const cpu = Math.max(...answered.map(({ cpuMs }) => cpuMs ?? 0))
  return [
    'passed',
    `at most ${Math.round(memory / (1 << 20))} MiB and ${cpu} ms of processor time; nothing left behind`,
  ]
}
