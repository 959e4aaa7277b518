import type { CallOutcome, GoldenCall, ReplayedCall } from '@upkeep/contract/golden-calls'
import { canonicalJson } from '../canonical-json.ts'
import { knownTokenKind } from '../redaction/secret-kinds.ts'

/** Calls with what they came to, and those of which nothing could be recorded, with the reason. */
export interface Recorded {
  calls: GoldenCall[]
  leftOut: { id: string; why: string }[]
}

/**
 * Records what calls came to on bytes that work. A text that differs from one time to the next may differ from then on; so may one that
 * holds what looks like a credential, which is not kept. A call whose kind or structure is not steady is left out.
 */
export function recordCalls(calls: readonly GoldenCall[], replayed: readonly ReplayedCall[]): Recorded {
  const found: Recorded = { calls: [], leftOut: [] }
  for (const call of calls) {
    const outcomes = replayed.find(({ id }) => id === call.id)?.outcomes ?? []
    const recorded = record(call, outcomes)
    if (typeof recorded === 'string') found.leftOut.push({ id: call.id, why: recorded })
    else found.calls.push(recorded)
  }
  return found
}

function record(call: GoldenCall, outcomes: readonly CallOutcome[]): GoldenCall | string {
  const [first] = outcomes
  if (first === undefined || outcomes.some(({ kind }) => kind === 'no-answer')) return 'it was not answered'
  const same = (of: (outcome: CallOutcome) => unknown) =>
    outcomes.every((one) => canonicalJson(of(one)) === canonicalJson(of(first)))
  if (!same(({ text: _, ...rest }) => rest)) return 'it does not come to the same each time'
  const keeps = same(({ text }) => text) && !holdsCredential(first.text)
  return keeps ? { ...call, expect: first } : { ...call, textMayDiffer: true, expect: { ...first, text: '' } }
}

function holdsCredential(text: string): boolean {
  return text.split(/[\s"'`,;=<>()[\]{}]+/).some((word) => knownTokenKind(word) !== null)
}
