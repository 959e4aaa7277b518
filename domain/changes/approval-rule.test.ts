import { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { Approval, ChangeAssessment } from '@upkeep/contract/change-step'
import type { Person } from '@upkeep/contract/person'
import { expect, test } from 'vitest'
import { heldByApproval } from './approval-rule.ts'
import { type ChangeState, changeState } from './change-state.ts'
import { defaultPolicies } from './policy-for.ts'

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

/** A change whose test failed, approved in spite of tests that are named. */
function waived(waives: string[], reason = 'the tool was renamed', by = 'bob', test = 'fs: golden calls'): ChangeState {
  const state = approved(change(), { waives, reason, signer: { ...nobody, person: by } })
  return { ...state, tests: [{ name: test, outcome: 'failed', detail: 'printEnv: missing-tool' }] }
}

const here = (presence: boolean, people: readonly Person[] = team) => ({
  people,
  policies: defaultPolicies,
  delegations: [],
  now,
  showsPresence: () => presence,
  isTrained: () => false,
})

const crew = [...team, person('dan', 'operator')]

/** Approved by one person by the right of another. */
function byRight(by: string, onBehalfOf: string): Partial<Approval> {
  return { signer: { ...nobody, person: by }, onBehalfOf }
}

/** Whose right is in whose hands, and until when. */
function handed(...delegations: [from: string, to: string, until?: string][]) {
  const given = delegations.map(([from, to, until = later]) => ({
    id: from,
    from,
    to,
    at: '2026-11-26T09:00:00.000Z',
    until,
  }))
  return { ...here(false, crew), delegations: given }
}

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
  ['a test failed and was waived, with a reason and proof', waived(['fs: golden calls']), here(true), null],
  ['waived without proof', waived(['fs: golden calls']), here(false), /"fs: golden calls" failed/],
  ['waived without a reason', waived(['fs: golden calls'], ' '), here(true), /"fs: golden calls" failed/],
  ['another test was waived', waived(['fs: probes']), here(true), /"fs: golden calls" failed/],
  [
    'waived by whoever asked for it',
    waived(['fs: golden calls'], 'renamed', 'ada'),
    here(true),
    /"fs: golden calls" failed/,
  ],
  ['that it starts cannot be waived', waived(['fs: starts'], 'never mind', 'bob', 'fs: starts'), here(true), /failed/],
  [
    'that there is a way back cannot be waived',
    waived(['rollback rehearsed'], 'never mind', 'bob', 'rollback rehearsed'),
    here(true),
    /failed/,
  ],
  ['by the right of who delegated it', approved(change(), byRight('dan', 'bob')), handed(['bob', 'dan']), null],
  [
    'nothing was delegated',
    approved(change(), byRight('dan', 'bob')),
    here(false, crew),
    /no delegation of bob to dan/,
  ],
  [
    'it was delegated to another',
    approved(change(), byRight('dan', 'bob')),
    handed(['bob', 'eve']),
    /no delegation of bob to dan/,
  ],
  [
    'the delegation ended',
    approved(change(), byRight('dan', 'bob')),
    handed(['bob', 'dan', now]),
    /no delegation of bob/,
  ],
  [
    'it is handed on further',
    approved(change(), byRight('eve', 'dan')),
    handed(['bob', 'dan'], ['dan', 'eve']),
    /dan does not hold the role approver/,
  ],
  [
    'whose right it is asked for it',
    approved(change(), byRight('dan', 'ada')),
    handed(['ada', 'dan']),
    /ada asked for it/,
  ],
  [
    'the delegate asked for it',
    approved({ ...change(), requester: { ...nobody, person: 'dan' } }, byRight('dan', 'bob')),
    handed(['bob', 'dan']),
    /dan asked for it/,
  ],
  [
    'a delegate whom nobody knows',
    approved(change(), byRight('zoe', 'bob')),
    handed(['bob', 'zoe']),
    /zoe is not named/,
  ],
  [
    'it was delegated to an agent',
    approved(change(), byRight('robot', 'bob')),
    { ...handed(['bob', 'robot']), people: [...crew, robot] },
    /robot is an agent/,
  ],
  [
    'a delegate and whose right it is are one',
    approved(change({ risk: 'high' }), byRight('dan', 'bob'), 'bob'),
    { ...handed(['bob', 'dan']), showsPresence: () => true },
    /1 of 2 approvals are there; a delegate and whose right it is count once/,
  ],
  [
    'two delegates of one right are one',
    approved(change({ risk: 'high' }), byRight('dan', 'bob'), byRight('eve', 'bob')),
    { ...handed(['bob', 'dan'], ['bob', 'eve']), showsPresence: () => true },
    /1 of 2 approvals/,
  ],
  [
    'a delegate and another are two',
    approved(change({ risk: 'high' }), byRight('dan', 'bob'), 'cy'),
    { ...handed(['bob', 'dan']), showsPresence: () => true },
    null,
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

test('where a policy asks for training, only those count who stated theirs and it has not run out', () => {
  const policies = [ApprovalPolicy.parse({ name: 'trained', presence: false, training: ['approving'] })]
  const trained = (...who: string[]) => ({
    ...here(false),
    policies,
    isTrained: (one: string, scope: string) => scope === 'approving' && who.includes(one),
  })
  expect(heldByApproval(approved(change(), 'bob'), trained())).toMatch(/no training of bob in approving is in force/)
  expect(heldByApproval(approved(change(), 'bob'), trained('cy'))).toMatch(/no training of bob/)
  expect(heldByApproval(approved(change(), 'bob'), trained('bob'))).toBeNull()
})
