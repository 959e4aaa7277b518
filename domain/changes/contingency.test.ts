import { expect, test } from 'vitest'
import { contingencyMarkdown, contingencyOf } from './contingency.ts'
import { pastChange } from './testing/past-change.ts'

const now = '2026-11-29T01:30:00.000Z'
const people = [{ id: 'ada', name: 'Ada', roles: ['approver' as const] }]
const state = pastChange('c1', { at: now, outcome: null, irreversible: ['the old token'] })
const approval = (person: string) => ({
  digest: state.digest,
  decision: 'approved' as const,
  role: 'approver',
  reason: null,
  until: now,
  signer: { person, presence: 'not-proven' as const, signature: null },
})

test('half an hour, and never beyond the window', () => {
  expect(contingencyOf(state, { people, now }).until).toBe('2026-11-29T02:00:00.000Z')
  const window = (until: string | null) => ({ ...state, window: { from: now, until, window: 'Sunday' } })
  expect(contingencyOf(window('2026-11-29T01:45:00.000Z'), { people, now }).until).toBe('2026-11-29T01:45:00.000Z')
  expect(contingencyOf(window('2026-11-29T03:00:00.000Z'), { people, now }).until).toBe('2026-11-29T02:00:00.000Z')
  expect(contingencyOf(window(null), { people, now }).until).toBe('2026-11-29T02:00:00.000Z')
})

test.each([
  ['nobody is named', [], ['ada'], 'not-known'],
  ['the approver is', people, ['ada'], 'met'],
  ['a stranger approved it', people, ['ada', 'mallory'], 'missing'],
])('who approved it can be asked: %s', (_, named, approvers, expected) => {
  const approved = { ...state, approvals: approvers.map(approval) }
  expect(contingencyOf(approved, { people: named, now }).checks[0]?.state).toBe(expected)
})

test.each([
  [null, 'not-known'],
  ['passed', 'met'],
  ['not-run', 'not-known'],
  ['failed', 'missing'],
] as const)('the way back, its test %s', (outcome, expected) => {
  const tests = outcome === null ? [] : [{ name: 'rollback rehearsed', outcome, detail: 'x' }]
  expect(contingencyOf({ ...state, tests }, { people, now }).checks[1]?.state).toBe(expected)
})

test('the plan names the servers and people of the change, each step with its fallback, and what cannot be taken back', () => {
  const text = contingencyMarkdown({ ...state, approvals: [approval('ada')] }, people)
  expect(text).toContain('- Servers: fs\n- People: Ada\n')
  expect(text).toContain('| write /f | nothing stands, to the very bytes |')
  expect(text).toContain('Cannot be taken back:\n- the old token')
})
