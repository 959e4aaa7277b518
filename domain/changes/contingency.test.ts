import { expect, test } from 'vitest'
import { contingencyMarkdown, contingencyOf } from './contingency.ts'
import { pastChange } from './testing/past-change.ts'

const now = '2026-11-29T01:30:00.000Z'
const people = [{ id: 'ada', name: 'Ada', roles: ['approver' as const] }]
const declared = [{ path: '/f', name: 'fs' }]
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
  expect(contingencyOf(state, { people, declared, now }).until).toBe('2026-11-29T02:00:00.000Z')
  const window = (until: string | null) => ({ ...state, window: { from: now, until, window: 'Sunday' } })
  expect(contingencyOf(window('2026-11-29T01:45:00.000Z'), { people, declared, now }).until).toBe(
    '2026-11-29T01:45:00.000Z',
  )
  expect(contingencyOf(window('2026-11-29T03:00:00.000Z'), { people, declared, now }).until).toBe(
    '2026-11-29T02:00:00.000Z',
  )
  expect(contingencyOf(window(null), { people, declared, now }).until).toBe('2026-11-29T02:00:00.000Z')
})

test.each([
  ['nobody is named', [], ['ada'], 'not-known'],
  ['the approver is', people, ['ada'], 'met'],
  ['a stranger approved it', people, ['ada', 'mallory'], 'missing'],
])('who approved it can be asked: %s', (_, named, approvers, expected) => {
  const approved = { ...state, approvals: approvers.map(approval) }
  expect(contingencyOf(approved, { people: named, declared, now }).checks[0]?.state).toBe(expected)
})

test.each([
  [null, 'not-known'],
  ['passed', 'met'],
  ['not-run', 'not-known'],
  ['failed', 'missing'],
] as const)('the way back, its test %s', (outcome, expected) => {
  const tests = outcome === null ? [] : [{ name: 'rollback rehearsed', outcome, detail: 'x' }]
  expect(contingencyOf({ ...state, tests }, { people, declared, now }).checks[1]?.state).toBe(expected)
})

test('the plan names the servers and people of the change, each step with its fallback, and what cannot be taken back', () => {
  const text = contingencyMarkdown({ ...state, approvals: [approval('ada')] }, { people, declared })
  expect(text).toContain('- Servers: fs\n- People: Ada\n')
  expect(text).toContain('| write /f | nothing stands, to the very bytes |')
  expect(text).toContain('Cannot be taken back:\n- the old token')
})

const team = [
  ...people,
  { id: 'bob', name: 'Bob', roles: ['approver' as const] },
  { id: 'vi', name: 'Vi', roles: ['viewer' as const] },
  { id: 'bot', name: 'A bot', roles: ['admin' as const], agent: true },
]

test('the plan names only people who are there, who else may decide, and who is not to be asked', () => {
  const approved = { ...state, approvals: [approval('mallory')] }
  const text = contingencyMarkdown(approved, { people: team, declared })
  expect(text).toContain('- People: Ada\n- Else: Bob\n')
  expect(text).toContain('names no such person: mallory')
  expect(text).not.toMatch(/Vi|bot/)
  expect(contingencyMarkdown(approved, { people: [], declared })).toContain('nobody is named in upkeep.yaml')
})

const entries = [{ kind: 'removed' as const, path: '/f', server: 'fs', project: null }]

test('the plan names only servers that are there; one that is gone is a no-go, one that nobody could look for is not known', () => {
  const onEntry = { ...state, plan: { ...state.plan, entries } }
  const servers = (given: typeof declared | null) => contingencyOf(onEntry, { people, declared: given, now }).checks[2]
  expect(contingencyOf(state, { people, declared, now }).checks[2]).toMatchObject({ state: 'not-known' })
  expect(servers(declared)).toMatchObject({ name: 'every server of it is there', state: 'met', detail: 'fs' })
  expect(servers([{ path: '/g', name: 'fs' }])).toMatchObject({ state: 'missing' })
  expect(servers(null)).toMatchObject({ state: 'not-known' })
  const text = contingencyMarkdown(onEntry, { people, declared: [] })
  expect(text).toContain('- Servers: none, only files\n- No longer there, so plan it again: fs\n')
  expect(contingencyMarkdown(state, { people, declared: null })).toContain('could not be looked at')
})
