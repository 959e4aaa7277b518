import { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { ChangePlan } from '@upkeep/contract/change-plan'
import { expect, test } from 'vitest'
import { changeState } from './change-state.ts'
import { policyFor } from './policy-for.ts'

const at = '2026-11-27T09:00:00.000Z'
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }

function stateOf(over: Partial<ChangePlan> = {}) {
  const plan: ChangePlan = {
    ...{ format: 'upkeep-change-plan/1', change: 'c1', class: 'normal', title: 'a change', effects: [], summary: [] },
    ...{ limits: [], irreversible: [], closes: [], madeAt: at },
    inputs: [{ kind: 'disable-server', path: '/home/ada/.cursor/mcp.json', server: 'crm-eu' }],
    ...over,
  }
  const head = { at, change: 'c1', id: '0', seq: 0 }
  const state = changeState([
    { ...head, is: 'proposed', plan, digest: 'a'.repeat(64), requester: signer, reason: null },
    { ...head, id: '1', seq: 1, is: 'assessed', assessment: { risk: 'low', why: [], sheet: null } },
  ])
  if (state === null) throw new Error('not a change')
  return state
}

const euros = (amount: number, currency = 'EUR') => ({ costs: { amount, currency } })
const aboutFile: Partial<ChangePlan> = { inputs: [{ kind: 'set-file-mode', path: '/f', from: '0644', to: '0600' }] }

test.each<[string, ApprovalPolicy['when'], Partial<ChangePlan>, boolean]>([
  ['a server by its name', { servers: ['crm-eu'] }, {}, true],
  ['servers by how their names begin', { servers: ['crm-*'] }, {}, true],
  ['other servers', { servers: ['crm', 'fs*'] }, {}, false],
  ['a change that is about no server', { servers: ['*'] }, aboutFile, false],
  ['what it does', { kinds: ['disable-server', 'remove-server'] }, {}, true],
  ['what it does not', { kinds: ['set-server-version'] }, {}, false],
  ['what costs as much', euros(500), euros(500), true],
  ['what costs more', euros(500), euros(1200), true],
  ['what costs less', euros(500), euros(499.99), false],
  ['what costs in another currency', euros(500), euros(1, 'USD'), true],
  ['what nobody said the costs of', euros(500), {}, false],
  ['all of it at once', { servers: ['crm-*'], kinds: ['disable-server'], risk: ['low'] }, {}, true],
  ['all but one of it', { servers: ['crm-*'], kinds: ['disable-server'], risk: ['high'] }, {}, false],
])('%s', (_, when, over, fits) => {
  const policies = [ApprovalPolicy.parse({ name: 'own', when }), ApprovalPolicy.parse({ name: 'other' })]
  expect(policyFor(stateOf(over), policies).name).toBe(fits ? 'own' : 'other')
})
