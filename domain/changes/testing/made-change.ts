import type { ChangeAssessment, ChangeStep, ChangeTest } from '@upkeep/contract/change-step'
import { type ChangeState, changeState } from '../change-state.ts'

const at = '2026-11-27T09:00:00.000Z'
const ada = { person: 'ada', presence: 'not-proven' as const, signature: null }

/** A change that was proposed, assessed and tested. */
export function madeChange(over: {
  risk: ChangeAssessment['risk']
  reason: string | null
  rehearsed: ChangeTest['outcome'] | null
  class?: 'normal' | 'emergency'
}): ChangeState {
  const plan = {
    format: 'upkeep-change-plan/1' as const,
    change: 'c1',
    class: over.class ?? ('normal' as const),
    title: 'set fs to 2.0.1',
    inputs: [{ kind: 'set-file-mode' as const, path: '/f', from: '0644', to: '0600' }],
    effects: [],
    summary: [],
    limits: [],
    irreversible: [],
    closes: [],
    madeAt: at,
  }
  const head = { at, change: 'c1' }
  const { rehearsed } = over
  const tests = rehearsed === null ? [] : [{ name: 'rollback rehearsed', outcome: rehearsed, detail: '' }]
  const assessment = { risk: over.risk, why: [], sheet: null }
  const steps: ChangeStep[] = [
    { ...head, id: '0', seq: 0, is: 'proposed', plan, digest: 'a'.repeat(64), requester: ada, reason: over.reason },
    { ...head, id: '1', seq: 1, is: 'assessed', assessment },
    { ...head, id: '2', seq: 2, is: 'tested', tests },
  ]
  const state = changeState(steps)
  if (state === null) throw new Error('not a change')
  return state
}
