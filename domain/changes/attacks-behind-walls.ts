import type { Facts, Observation } from '@upkeep/contract'
import type { ChangeTest } from '@upkeep/contract/change-step'

type Proof = Observation<'server-probes'> | undefined
type Result = Facts<'server-probes'>['results'][number]

/** Controls whose want lets an attack out of a server's own folder or network: walls have to stop it there. */
const keptByWalls = new Set([
  'path-root',
  'links',
  'path-decoding',
  'write-root',
  'resource-addresses',
  'outgoing-addresses',
])

/**
 * Whether the attacks that get through on a server as it is are stopped by its walls. Those on its files and network have to be; of every
 * other it is said that walls are no matter of it.
 */
export function attacksBehindWalls(openly: Proof, behind: Proof): readonly [ChangeTest['outcome'], string] {
  if (openly?.state !== 'seen') return ['not-run', openly?.reason ?? 'it was not attacked without its walls']
  const through = openly.facts.results.filter(({ outcome }) => outcome === 'broken')
  const tried = openly.facts.results.filter(({ outcome }) => outcome === 'broken' || outcome === 'held').length
  if (tried === 0) return ['not-run', 'no attack could be made on it']
  if (through.length === 0)
    return ['not-run', `none of ${tried} attacks gets through without walls: none can show that they hold`]
  if (behind?.state !== 'seen') return ['not-run', behind?.reason ?? 'it was not attacked behind its walls']
  const now = new Map(behind.facts.results.map((one) => [one.probe, one]))
  const of = (test: (result: Result, now: Result | undefined) => boolean) =>
    through.filter((one) => test(one, now.get(one.probe))).map(({ probe }) => probe)
  const stopped = of((_, later) => later?.outcome === 'held')
  const idle = of((_, later) => later?.outcome === 'not-applicable')
  const open = of((one, later) => isKept(one) && (later === undefined || later.outcome === 'inconclusive'))
  const escaped = of((one, later) => isKept(one) && later?.outcome === 'broken')
  const rest = of(
    (one, later) =>
      !isKept(one) && (later === undefined || later.outcome === 'broken' || later.outcome === 'inconclusive'),
  )
  const says = [
    `of ${through.length} attacks that get through without walls ${stopped.length} are stopped by them${named(stopped)}`,
    ...(idle.length > 0 ? [`nothing to work on any more${named(idle)}`] : []),
    ...(escaped.length > 0 ? [`STILL ESCAPED${named(escaped)}`] : []),
    ...(open.length > 0 ? [`not shown either way${named(open)}`] : []),
    ...(rest.length > 0 ? [`walls are no help against${named(rest)}`] : []),
  ].join('; ')
  if (escaped.length > 0) return ['failed', says]
  return [stopped.length + idle.length > 0 && open.length === 0 ? 'passed' : 'not-run', says]
}

/** Whether an attack has to be made without walls and behind them: known weaknesses, and attacks on what walls keep. */
export function isForWalls({ tries }: Pick<Result, 'tries'>): boolean {
  return tries.kind === 'weakness' || keptByWalls.has(tries.control)
}

/** A known weakness counts where its text says that it leads out of a folder: those that are probed and are none of files stay what they are. */
function isKept({ tries, cites = [] }: Result): boolean {
  if (tries.kind === 'control') return keptByWalls.has(tries.control)
  return cites.some((cite) => /\bCWE-(?:22|59)\b/.test(cite))
}

function named(probes: readonly string[]): string {
  return probes.length === 0 ? '' : `: ${probes.join(', ')}`
}
