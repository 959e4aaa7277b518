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
  const append = async (next: number) => {
    const step = ChangeStep.parse({ ...words, id: newId(at), at, change: state.id, seq: next })
    await world.store.transaction(async (tx) => {
      await confirm?.(tx)
      await tx.changes.append(step)
      await world.seal(tx, [step])
    })
    return step
  }
  const { steps, step } = await append(state.next).then(
    (step) => ({ steps: state.steps, step }),
    async (error: unknown) => {
      const steps = await withWhatWasTold(world.store, state)
      if (steps === null) throw error
      return { steps, step: await append(steps.length) }
    },
  )
  world.between?.(`recorded ${words.is}`)
  const after = changeState([...steps, step])
  if (after === null) throw new Error(`the steps of change ${state.id} do not follow one another`)
  return after
}

/**
 * The steps as they are now, where nothing but what was told of the change came to them meanwhile; else null. Being told of is no reason for a person's word or
 * the next write to fail.
 */
async function withWhatWasTold(
  store: Store,
  { id, next }: Pick<ChangeState, 'id' | 'next'>,
): Promise<readonly ChangeStep[] | null> {
  const steps = await store.changes.steps(id)
  const since = steps.slice(next)
  return since.length > 0 && since.every(({ is }) => is === 'notified') ? steps : null
}

/** A change as it is stored; null when there is none of that id, or its steps do not follow one another. */
export async function storedChange(store: Store, id: string): Promise<ChangeState | null> {
  return changeState(await store.changes.steps(id))
}
