import type { ChangeStep } from '@upkeep/contract/change-step'
import { expect, test } from 'vitest'
import type { ChangeState } from './change-state.ts'
import { hasMissedItsTime, isDueNow } from './due-now.ts'
import { madeChange } from './testing/made-change.ts'

const from = '2026-11-29T01:00:00.000Z'
const until = '2026-11-29T03:00:00.000Z'
const inside = '2026-11-29T01:30:00.000Z'
const window = { from, until, window: 'Sunday night' }
const approval = {
  digest: 'a'.repeat(64),
  decision: 'approved' as const,
  role: 'approver',
  reason: null,
  until: '2026-12-04T09:00:00.000Z',
  signer: { person: 'bob', presence: 'not-proven' as const, signature: null },
}
const waiting = (over: Partial<ChangeState> = {}): ChangeState => ({
  ...madeChange({ risk: 'low', reason: null, rehearsed: 'passed' }),
  approvals: [approval],
  window,
  ...over,
})
const decided = (go: boolean, at: string): ChangeStep[] => [
  { id: '9', at, change: 'c1', seq: 9, is: 'go-no-go', go, checks: [], until: null },
]
const ring = { rollout: 'r', index: 1, of: 2, name: 'all', homes: [], soakMinutes: 0, check: null, checkDigest: null }
const { plan } = waiting()

test.each<[string, ChangeState, string, boolean]>([
  ['in its time', waiting(), inside, true],
  ['at its first moment', waiting(), from, true],
  ['a moment before', waiting(), '2026-11-29T00:59:59.999Z', false],
  ['when it is over', waiting(), until, false],
  ['that was never given a time', waiting({ window: null }), inside, false],
  ['that nobody approved', waiting({ approvals: [] }), inside, false],
  ['that is at its end', waiting({ phase: 'closed' }), inside, false],
  ['of a rollout', waiting({ plan: { ...plan, ring } }), inside, false],
  ['of an emergency', waiting({ plan: { ...plan, class: 'emergency' } }), inside, false],
  ['that was a no-go in this time', waiting({ steps: decided(false, inside) }), inside, false],
  ['that was a no-go in a time before', waiting({ steps: decided(false, '2026-11-22T01:10:00.000Z') }), inside, true],
  ['that stopped in the middle, after its time', waiting({ phase: 'applying' }), until, true],
  ['that stopped while being taken back', waiting({ phase: 'undoing' }), until, true],
])('a change %s is begun or gone on with', (_, state, now, expected) => {
  expect(isDueNow(state, now)).toBe(expected)
})

test.each<[string, ChangeState, string, boolean]>([
  ['when it is over', waiting(), until, true],
  ['in it', waiting(), inside, false],
  ['without an end', waiting({ window: { ...window, until: null } }), until, false],
  ['once it was made', waiting({ phase: 'closed' }), until, false],
  ['where nobody approved it', waiting({ approvals: [] }), until, false],
])('its time is missed %s', (_, state, now, expected) => {
  expect(hasMissedItsTime(state, now)).toBe(expected)
})
