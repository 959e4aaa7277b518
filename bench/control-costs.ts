import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ControlCosts, type CostOfWay, type TriedTuning } from '@upkeep/contract/observations/control-costs'
import { judgeTuning } from '@upkeep/domain/control-costs/judge-tuning'
import { quantileOf } from '@upkeep/domain/statistics/quantile'
import { startAuthProxy } from '@upkeep/lab/servers/auth-proxy'
import { installedServer } from '@upkeep/lab/servers/installed-server'
import { negativeSuite } from '@upkeep/lab/servers/negative-suite'
import { machineLine } from './machine.ts'
import { direct, type Measured, type OpenWay, proxied, sandboxed } from './measured-ways.ts'

/**
 * What each control costs on a real server: the same call direct, through the auth proxy and in the sandbox, in turns whose order is drawn by
 * a seed, twice. `--out` writes what the duty performance-optimization reads.
 */
const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    tolerance: { type: 'string', default: '0.5' },
    server: { type: 'string', default: 'everything' },
    out: { type: 'string' },
  },
})
const [calls, seed, tolerance] = [Number(values.calls), Number(values.seed), Number(values.tolerance)]
const warmUp = 20

/** A small generator whose numbers are the same wherever it runs. */
function diceOf(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

function shuffled<T>(items: readonly T[], dice: () => number): T[] {
  return items
    .map((item) => ({ item, key: dice() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item)
}

interface Taken {
  times: number[]
  failures: number
}

async function measure(of: Measured, order: number): Promise<CostOfWay[]> {
  const ways = [await direct(of), await proxied(of, false), await proxied(of, true), await sandboxed(of)]
  const taken = ways.map((way): { way: OpenWay; taken: Taken } => ({ way, taken: { times: [], failures: 0 } }))
  const dice = diceOf(order)
  for (const { way } of taken) for (let at = 0; at < warmUp; at += 1) await way.call()
  for (let at = 0; at < calls; at += 1) for (const one of shuffled(taken, dice)) await takeTime(one.way, one.taken)
  const costs: CostOfWay[] = []
  for (const one of taken) costs.push(await costOf(one.way, one.taken))
  return costs
}

async function takeTime(way: OpenWay, taken: Taken): Promise<void> {
  const began = performance.now()
  try {
    await way.call()
    taken.times.push(performance.now() - began)
  } catch {
    taken.failures += 1
  }
}

async function costOf({ way, controls, end }: OpenWay, { times, failures }: Taken): Promise<CostOfWay> {
  const of = (share: number) => quantileOf(times, share)
  return { way, controls, n: times.length, failures, p50: of(0.5), p95: of(0.95), p99: of(0.99), ...(await end()) }
}

/** Each tuning with the whole negative suite: what it gains is worth nothing where a probe no longer holds. */
async function tryTunings(of: Measured): Promise<TriedTuning[]> {
  const suiteOf = async (without?: 'origin') => {
    const upstream = { command: process.execPath, args: [of.script, ...of.args], env: {}, cwd: '/' }
    const proxy = await startAuthProxy(upstream, without === undefined ? {} : { without })
    const results = await negativeSuite(proxy.url, proxy.token)
    await proxy.close()
    return results
  }
  const suiteWithout = await suiteOf()
  const head = { inUse: false, suiteWithout }
  return [
    {
      ...{ ...head, id: 'connection-reuse', title: 'Connections are used again' },
      ...{ from: 'auth proxy', to: 'auth proxy, connection reused', suiteWith: await suiteOf() },
    },
    {
      ...{ ...head, id: 'no-origin-check', title: 'Origin is not checked' },
      ...{ from: null, to: null, suiteWith: await suiteOf('origin') },
    },
  ]
}

function table(ways: readonly CostOfWay[]): string {
  const range = ({ value, low, high }: CostOfWay['p50']) =>
    `${value.toFixed(2)} (${low?.toFixed(2) ?? '?'}-${high?.toFixed(2) ?? '?'})`.padStart(22)
  const rows = ways.map(({ way, n, failures, p50, p95, p99, cpuMs, memoryBytes }) => {
    const use =
      `${cpuMs ?? '?'}`.padStart(8) + `${memoryBytes === null ? '?' : Math.round(memoryBytes / 1_048_576)}`.padStart(6)
    return `${way.padEnd(30)}${`${n}`.padStart(5)}${`${failures}`.padStart(5)}${range(p50)}${range(p95)}${range(p99)}${use}`
  })
  const head = `${'way'.padEnd(30)}${'n'.padStart(5)}${'lost'.padStart(5)}${'p50 ms'.padStart(22)}${'p95 ms'.padStart(22)}${'p99 ms'.padStart(22)}${'CPU ms'.padStart(8)}${'MiB'.padStart(6)}`
  return [head, ...rows].join('\n')
}

const version = '2026.8.31'
const installed = await installedServer(values.server === 'filesystem' ? 'filesystem' : 'everything', version)
if (installed === null) throw new Error('the npm registry is out of reach')
const of: Measured =
  values.server === 'filesystem'
    ? { ...installed, args: ['/tmp'], tool: 'list_allowed_directories', arguments: {} }
    : { ...installed, args: ['stdio'], tool: 'echo', arguments: { message: 'hello' } }

const first = await measure(of, seed)
const again = await measure(of, seed + 1)
const costs = ControlCosts.parse({
  ...{
    format: 'upkeep-control-costs/1',
    server: values.server,
    measuredAt: new Date().toISOString(),
    machine: machineLine(),
  },
  ...{ call: of.tool, seed, tolerance, ways: first, again, tunings: await tryTunings(of) },
})
console.log(
  `${machineLine()}\nserver-${values.server} ${version}, tool ${of.tool}; quantiles with their 95 % intervals; seed ${seed}\n`,
)
console.log(`${table(first)}\n\nonce more, seed ${seed + 1}\n${table(again)}\n`)
for (const tuning of costs.tunings) console.log(`${tuning.title}: ${JSON.stringify(judgeTuning(tuning))}`)
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(costs, null, 2)}\n`)
