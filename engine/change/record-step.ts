import { ChangeStep } from '@upkeep/contract/change-step'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'
import { newId } from '../kernel/ids.ts'
import type { Store } from '../store/store.ts'
import type { ChangeWorld } from './change-world.ts'

type Words<Step> = Step extends ChangeStep ? Omit<Step, 'id' | 'at' | 'change' | 'seq'> : never
/** What a step says, without its place in the record. */
export type StepWords = Words<ChangeStep>

/** Stores and seals the next step of a change, and returns the change as it then is. Nothing goes on before this has. */
export async function recordStep(
  world: Pick<ChangeWorld, 'store' | 'clock' | 'seal' | 'between'>,
  state: Pick<ChangeState, 'id' | 'next' | 'steps'>,
  words: StepWords,
  confirm?: (tx: Store) => Promise<void>,
): Promise<ChangeState> {
  world.between?.(`record ${words.is}`)
  const at = world.clock.now()
  const step = ChangeStep.parse({ ...words, id: newId(at), at, change: state.id, seq: state.next })
  await world.store.transaction(async (tx) => {
    await confirm?.(tx)
    await tx.changes.append(step)
    await world.seal(tx, [step])
  })
  world.between?.(`recorded ${words.is}`)
  const after = changeState([...state.steps, step])
  if (after === null) throw new Error(`the steps of change ${state.id} do not follow one another`)
  return after
}

/** A change as it is stored; null when there is none of that id, or its steps do not follow one another. */
export async function storedChange(store: Store, id: string): Promise<ChangeState | null> {
  return changeState(await store.changes.steps(id))
}
