import type { CallOutcome, GoldenCall, ReplayedCall } from '@upkeep/contract/golden-calls'
import { canonicalJson } from '../canonical-json.ts'
import { printable } from '../printable.ts'

export type ReplayDifferenceKind =
  | 'missing-tool'
  | 'error-instead-of-result'
  | 'result-instead-of-error'
  | 'is-error-flipped'
  | 'structure-changed'
  | 'text-changed'
  | 'not-comparable'

/** How one golden call does: `same`, `different` in a way that has a name, or `flaky`, which is never taken for the same. */
export interface ReplayVerdict {
  id: string
  tool: string
  state: 'same' | 'different' | 'flaky'
  kind: ReplayDifferenceKind | null
  was: string
  is: string
  /** For a tool that is gone: the likely new name, and why. */
  likelyNow: string | null
}

/** What is known besides the outcomes: which tools are listed now, and the likely new names of those that are gone. */
export interface Listing {
  tools: readonly string[] | null
  renames: ReadonlyMap<string, string>
}

/**
 * Holds what calls come to now against what they came to before: recorded in the golden call, or replayed on the old bytes. A call that
 * does not come to the same each time on either side is flaky.
 */
export function compareReplays(
  calls: readonly GoldenCall[],
  was: readonly ReplayedCall[],
  is: readonly ReplayedCall[],
  listing: Listing,
): ReplayVerdict[] {
  const [before, now] = [byId(was), byId(is)]
  return calls.map((call) => {
    const older = call.expect === undefined ? (before.get(call.id) ?? []) : [call.expect]
    return judge(call, older, now.get(call.id) ?? [], listing)
  })
}

function judge(
  call: GoldenCall,
  was: readonly CallOutcome[],
  is: readonly CallOutcome[],
  { tools, renames }: Listing,
): ReplayVerdict {
  const [before, now] = [was[0], is[0]]
  const base = { id: call.id, tool: printable(call.tool), was: shown(before), is: shown(now), likelyNow: null }
  if (tools !== null && !tools.includes(call.tool)) {
    const likely = renames.get(call.tool)
    const likelyNow = likely === undefined ? null : printable(likely)
    return { ...base, state: 'different', kind: 'missing-tool', is: 'not listed', likelyNow }
  }
  if (before === undefined || now === undefined) return { ...base, state: 'different', kind: 'not-comparable' }
  if (!isSteady(was, call) || !isSteady(is, call)) return { ...base, state: 'flaky', kind: null }
  const kind = differenceOf(before, now, call)
  return { ...base, state: kind === null ? 'same' : 'different', kind }
}

function isSteady(outcomes: readonly CallOutcome[], call: GoldenCall): boolean {
  const first = outcomes[0]
  const compared = (one: CallOutcome) => canonicalJson(call.textMayDiffer ? { ...one, text: '' } : one)
  return outcomes.every((one) => first !== undefined && compared(one) === compared(first))
}

function differenceOf(was: CallOutcome, is: CallOutcome, call: GoldenCall): ReplayDifferenceKind | null {
  if (isAnswer(was) !== isAnswer(is)) return isAnswer(was) ? 'error-instead-of-result' : 'result-instead-of-error'
  if (was.kind !== is.kind || was.code !== is.code) return isAnswer(was) ? 'is-error-flipped' : 'not-comparable'
  // Nothing that did not answer is the same as anything.
  if (was.kind === 'no-answer') return 'not-comparable'
  if (was.structure !== is.structure) return 'structure-changed'
  return call.textMayDiffer || was.text === is.text ? null : 'text-changed'
}

function isAnswer({ kind }: CallOutcome): boolean {
  return kind === 'result' || kind === 'tool-error'
}

function shown(outcome: CallOutcome | undefined): string {
  if (outcome === undefined) return 'not called'
  const { kind, code, structure, text } = outcome
  if (kind === 'no-answer') return 'no answer'
  if (kind === 'protocol-error') return `error ${code ?? ''}`.trim()
  return printable(`${kind === 'tool-error' ? 'an error ' : ''}${structure} ${canonicalJson(text)}`, { maxLength: 300 })
}

function byId(replayed: readonly ReplayedCall[]): Map<string, readonly CallOutcome[]> {
  return new Map(replayed.map(({ id, outcomes }) => [id, outcomes]))
}
