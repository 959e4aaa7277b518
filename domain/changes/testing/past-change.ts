import type { ChangeInput } from '@upkeep/contract/change'
import type { ChangeStep } from '@upkeep/contract/change-step'
import { type ChangeState, changeState } from '../change-state.ts'

type Outcome = Extract<ChangeStep, { is: 'closed' }>['outcome']
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
const digest = 'a'.repeat(64)

/** A change by its steps: proposed, and closed with an outcome unless that is null. All at one moment. */
export function pastChange(
  id: string,
  {
    at,
    outcome,
    kind = 'set-server-version',
    irreversible = [],
  }: { at: string; outcome: Outcome | null; kind?: 'set-server-version' | 'set-file-mode'; irreversible?: string[] },
): ChangeState {
  const input: ChangeInput =
    kind === 'set-file-mode'
      ? { kind, path: '/f', from: '0644', to: '0600' }
      : { kind, path: '/f', server: 'fs', package: 'p', from: '1.0.0', to: '2.0.0' }
  const before = { state: 'absent' as const }
  const plan = {
    format: 'upkeep-change-plan/1' as const,
    change: id,
    class: 'normal' as const,
    title: `change ${id}`,
    inputs: [input],
    effects: [{ kind: 'file' as const, path: '/f', before, after: before, shown: [] }],
    summary: [],
    limits: [],
    irreversible,
    closes: [],
    madeAt: at,
  }
  const head = (seq: number) => ({ id: `${id}-${seq}`, at, change: id, seq })
  const steps: ChangeStep[] = [{ ...head(0), is: 'proposed', plan, digest, requester: signer, reason: null }]
  const add = (step: (seq: number) => ChangeStep) => steps.push(step(steps.length))
  if (outcome !== null && outcome !== 'abandoned') {
    add((seq) => ({ ...head(seq), is: 'applying', holder: 'a test' }))
    add((seq) => ({ ...head(seq), is: 'effect-done', index: 0, already: false }))
    add((seq) => ({ ...head(seq), is: 'applied' }))
    if (outcome !== 'done') add((seq) => ({ ...head(seq), is: 'undoing', why: 'a test', signer: null }))
  }
  if (outcome !== null) add((seq) => ({ ...head(seq), is: 'closed', outcome, detail: '', signer: null }))
  const state = changeState(steps)
  if (state === null) throw new Error('these are not the steps of one change')
  return state
}
