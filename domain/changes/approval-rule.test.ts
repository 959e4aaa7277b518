import { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { Approval, ChangeAssessment } from '@upkeep/contract/change-step'
import type { Person } from '@upkeep/contract/person'
import { expect, test } from 'vitest'
import { defaultPolicies, heldByApproval } from './approval-rule.ts'
import { type ChangeState, changeState } from './change-state.ts'

const digest = 'a'.repeat(64)
const now = '2026-11-27T09:00:00.000Z'
const later = '2026-11-28T09:00:00.000Z'
const nobody = { person: 'ada', presence: 'not-proven' as const, signature: null }
const person = (id: string, ...roles: Person['roles']): Person => ({ id, name: id, roles })
const team = [
  person('ada', 'operator', 'approver'),
  person('bob', 'approver'),
  person('cy', 'admin'),
  person('eve', 'viewer'),
]

const robot: Person = { ...person('robot', 'admin', 'approver'), agent: true }

function change(
  over: { risk?: ChangeAssessment['risk']; irreversible?: string[]; class?: 'normal' | 'emergency' } = {},
): ChangeState {
  const plan = {
    format: 'upkeep-change-plan/1' as const,
    change: 'c1',
    class: over.class ?? ('normal' as const),
    title: 'a change',
    inputs: [{ kind: 'set-file-mode' as const, path: '/f', from: '0644', to: '0600' }],
    effects: [],
    summary: [],
    limits: [],
    irreversible: over.irreversible ?? [],
    closes: [],
    madeAt: now,
  }
  const head = { at: now, change: 'c1' }
  const state = changeState([
    { ...head, id: '0', seq: 0, is: 'proposed', plan, digest, requester: nobody, reason: null },
    { ...head, id: '1', seq: 1, is: 'assessed', assessment: { risk: over.risk ?? 'low', why: [], sheet: null } },
    { ...head, id: '2', seq: 2, is: 'tested', tests: [] },
  ])
  if (state === null) throw new Error('not a change')
  return state
}

function approved(state: ChangeState, ...by: (string | Partial<Approval>)[]): ChangeState {
  const approvals = by.map((one): Approval => {
    const over = typeof one === 'string' ? { signer: { ...nobody, person: one } } : one
    return { digest, decision: 'approved', role: 'approver', reason: null, until: later, signer: nobody, ...over }
  })
  return { ...state, approvals }
}

const here = (presence: boolean, people: readonly Person[] = team) => ({
  people,
  policies: defaultPolicies,
  now,
  showsPresence: () => presence,
})

test.each<[string, ChangeState, Parameters<typeof heldByApproval>[1], RegExp | null]>([
  ['nobody said anything', change(), here(false), /^nobody approved it/],
  ['another one approved', approved(change(), 'bob'), here(false), null],
  ['who asked for it approved', approved(change(), 'ada'), here(false), /ada asked for it/],
  ['who asked for it, alone', approved(change(), 'ada'), here(false, []), null],
  ['who asked for it, the only one named', approved(change(), 'ada'), here(false, team.slice(0, 1)), null],
  ['one without the role', approved(change(), 'eve'), here(false), /eve does not hold the role approver/],
  ['an agent, whatever its roles', approved(change(), 'robot'), here(true, [...team, robot]), /robot is an agent/],
  [
    'who asked for it, beside an agent alone',
    approved(change(), 'ada'),
    here(false, [...team.slice(0, 1), robot]),
    null,
  ],
  ['one that nobody knows', approved(change(), 'mallory'), here(false), /mallory does not hold the role/],
  ['an admin', approved(change(), 'cy'), here(false), null],
  ['it ended', approved(change(), { signer: { ...nobody, person: 'bob' }, until: now }), here(false), /ended at/],
  [
    'of another plan',
    approved(change(), { signer: { ...nobody, person: 'bob' }, digest: 'b'.repeat(64) }),
    here(false),
    /not this plan/,
  ],
  [
    'one refused',
    approved(change(), 'bob', { decision: 'refused', signer: { ...nobody, person: 'cy' } }),
    here(true),
    /cy refused it/,
  ],
  [
    'medium risk, presence not proven',
    approved(change({ risk: 'medium' }), 'bob'),
    here(false),
    /bob was there is not proven/,
  ],
  ['medium risk, presence proven', approved(change({ risk: 'medium' }), 'bob'), here(true), null],
  [
    'cannot be taken back, not proven',
    approved(change({ irreversible: ['a token'] }), 'bob'),
    here(false),
    /not proven/,
  ],
  ['high risk, one of two', approved(change({ risk: 'high' }), 'bob'), here(true), /1 of 2 approvals/],
  ['high risk, both', approved(change({ risk: 'high' }), 'bob', 'cy'), here(true), null],
  ['high risk, alone and there', approved(change({ risk: 'high' }), 'ada'), here(true, []), null],
  ['high risk, alone and not proven', approved(change({ risk: 'high' }), 'ada'), here(false, []), /not proven/],
  ['an emergency takes one', approved(change({ risk: 'high', class: 'emergency' }), 'bob'), here(true), null],
  [
    'a test failed',
    { ...approved(change(), 'bob'), tests: [{ name: 'starts', outcome: 'failed', detail: 'exit 1' }] },
    here(true),
    /"starts" failed: exit 1/,
  ],
  ['not assessed', { ...approved(change(), 'bob'), assessment: null }, here(true), /not assessed/],
])('%s', (_, state, grounds, expected) => {
  const held = heldByApproval(state, grounds)
  if (expected === null) expect(held).toBeNull()
  else expect(held).toMatch(expected)
})

test('policies of the owner count instead of ours; where none fits, the strictest does', () => {
  const policies = [
    ApprovalPolicy.parse({ name: 'any low', when: { risk: ['low'] }, roles: ['reviewer'], presence: false }),
  ]
  const grounds = { ...here(false, [...team, person('dee', 'reviewer')]), policies }
  expect(heldByApproval(approved(change(), 'bob'), grounds)).toMatch(/does not hold the role reviewer/)
  expect(heldByApproval(approved(change(), 'dee'), grounds)).toBeNull()
  expect(heldByApproval(approved(change({ risk: 'medium' }), 'bob', 'cy'), grounds)).toMatch(/0 of 2.*no policy fits/)
})
