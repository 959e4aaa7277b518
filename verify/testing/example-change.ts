import type { ChangeStep } from '@upkeep/contract/change-step'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'

const at = '2026-11-27T08:00:00.000Z'
const digest = 'd'.repeat(64)
const head = { at, change: '019ab0c1-0000-7000-8000-000000000001' }
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
const approval = { digest, decision: 'approved' as const, role: 'approver', reason: null, until: at, signer }
const input = { path: '/c.json', server: 'crm', project: null, package: '@acme/crm', from: '2.1.0', to: '2.2.0' }

const steps: ChangeStep[] = [
  {
    ...head,
    ...{ id: '0', seq: 0, is: 'proposed', digest, requester: signer, reason: null },
    plan: {
      ...{ format: 'upkeep-change-plan/1', change: head.change, class: 'normal', title: 'crm: 2.1.0 to 2.2.0' },
      ...{ effects: [], summary: [], limits: [], irreversible: [], closes: [], madeAt: at },
      inputs: [{ kind: 'set-server-version', ...input }] as unknown as Extract<
        ChangeStep,
        { is: 'proposed' }
      >['plan']['inputs'],
    },
  },
  { ...head, id: '1', seq: 1, is: 'approved', approval },
  {
    ...head,
    ...{ id: '2', seq: 2, is: 'scheduled', window: 'Sunday night' },
    ...{ from: '2026-11-29T01:00:00.000Z', until: '2026-11-29T03:00:00.000Z' },
  },
]

/** A change that was approved and has its time: what the example of a maintenance contract announces. */
export const approvedChange: ChangeState = made()

function made(): ChangeState {
  const state = changeState(steps)
  if (state === null) throw new Error('not a change')
  return state
}
