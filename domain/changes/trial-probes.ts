import type { Facts, Observation } from '@upkeep/contract'
import type { ChangeTest } from '@upkeep/contract/change-step'

type Proofs = Observation<'server-probes'>
type Result = Facts<'server-probes'>['results'][number]
/** What a test came to, in words; `held`: ids of the probes that it showed to hold. */
export type Came = Pick<ChangeTest, 'outcome' | 'detail' | 'held'>

const words = { held: 'BLOCKED', broken: 'ESCAPED', inconclusive: 'inconclusive', 'not-applicable': '' } as const

/** Whether known weaknesses work on the bytes that a change brings. One that does fails it, whatever was before. */
export function weaknessesTried(proofs: Proofs | undefined): Came {
  const found = resultsOf(proofs, 'weakness')
  if (typeof found === 'string') return { outcome: 'not-run', detail: found }
  const tried = found.filter(({ outcome }) => outcome !== 'not-applicable')
  if (tried.length === 0) return { outcome: 'not-run', detail: 'no probe applies to it' }
  const detail = tried.map(({ probe, outcome, detail }) => `${probe} ${words[outcome]} (${detail})`).join('; ')
  if (tried.some(({ outcome }) => outcome === 'broken')) return { outcome: 'failed', detail }
  const held = tried.filter(({ outcome }) => outcome === 'held').map(({ probe }) => probe)
  return { outcome: held.length === tried.length ? 'passed' : 'not-run', detail, held }
}

/**
 * The controls of the bytes that a change brings, held against those of the bytes of before: one that is lost fails it. What failed before and
 * fails still is told, and not held against it. `was` has what was tried of the old bytes: all that does not hold on the new ones.
 */
export function controlsTried(is: Proofs | undefined, was: Proofs | undefined): Came {
  const found = resultsOf(is, 'control')
  if (typeof found === 'string') return { outcome: 'not-run', detail: found }
  const tried = found.filter(({ outcome }) => outcome !== 'not-applicable')
  if (tried.length === 0) return { outcome: 'not-run', detail: 'no attack on a control applies to it' }
  const before = resultsOf(was, 'control')
  const earlier = new Map(typeof before === 'string' ? [] : before.map(({ probe, outcome }) => [probe, outcome]))
  const groups = Map.groupBy(tried, (one) => standingOf(one, earlier.get(one.probe)))
  const of = (standing: Standing) => groups.get(standing) ?? []
  const why = typeof before === 'string' ? ` (${before})` : ''
  const detail = [
    told('lost', of('lost')),
    told('not shown to hold any more', of('doubtful')),
    told('nothing to attack before, and it works now', of('came')),
    told(`whether it worked before is not known${why}`, of('not-known')),
    told('failed before and fail still', of('fails-still')),
    `${of('holds').length} hold`,
  ].flatMap((line) => line ?? [])
  const open = of('doubtful').length + of('came').length + of('not-known').length
  const outcome = of('lost').length > 0 ? 'failed' : open > 0 || of('holds').length === 0 ? 'not-run' : 'passed'
  return { outcome, detail: detail.join('; ') }
}

/** Probes of the new bytes that have to be held against the old ones: what holds now cannot have been lost. */
export function toCompare(proofs: Proofs | undefined): string[] {
  const found = resultsOf(proofs, 'control')
  if (typeof found === 'string') return []
  return found.flatMap(({ probe, outcome }) => (outcome === 'broken' || outcome === 'inconclusive' ? [probe] : []))
}

type Standing = 'holds' | 'lost' | 'doubtful' | 'came' | 'not-known' | 'fails-still' | 'unclear-still'

function standingOf({ outcome }: Result, before: Result['outcome'] | undefined): Standing {
  if (outcome === 'held') return 'holds'
  if (outcome === 'inconclusive') return before === 'held' ? 'doubtful' : 'unclear-still'
  if (before === 'held') return 'lost'
  if (before === 'broken') return 'fails-still'
  return before === 'not-applicable' ? 'came' : 'not-known'
}

function told(what: string, results: readonly Result[]): string | null {
  if (results.length === 0) return null
  return `${what}: ${results.map(({ title, detail }) => `${title} (${detail.slice(0, 100)})`).join(', ')}`
}

function resultsOf(proofs: Proofs | undefined, kind: Result['tries']['kind']): Result[] | string {
  if (proofs === undefined) return 'it was not looked at'
  return proofs.state === 'seen' ? proofs.facts.results.filter(({ tries }) => tries.kind === kind) : proofs.reason
}
