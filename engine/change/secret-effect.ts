import type { SecretEffectPlanned, SecretState } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { Absent, Refusal } from '@upkeep/contract/ports'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import type { EffectOf, Made, Undone } from './file-effect.ts'
import { fileNow } from './file-state.ts'

/** Whether a store has a secret as a change says that it has it; or why that is not known. */
export async function secretStands(
  { ports }: Pick<ChangeWorld, 'ports'>,
  { path }: SecretEffectPlanned,
  to: SecretState,
): Promise<boolean | Refusal> {
  const now = await ports.secretStores.look(path)
  return now.state === 'unavailable' ? now : is(now, to)
}

/** Puts a secret into its store, where nothing lies yet, and reads it back: only then may a file lose it. */
export async function makeSecret(
  world: ChangeWorld,
  of: EffectOf,
  { path, after }: SecretEffectPlanned,
  begin: () => Promise<void>,
): Promise<Made> {
  const now = await world.ports.secretStores.look(path)
  if (now.state === 'unavailable')
    return { state: 'refused', reason: `the store could not be asked: ${now.reason}`, untouched: true }
  if (is(now, after)) return { state: 'made', already: true }
  if (now.state === 'present')
    return { state: 'refused', reason: 'somebody put another secret there meanwhile', untouched: true }
  const secret = keptSecret(world, of, after)
  await begin()
  world.between?.('store secret')
  const put = await world.stores.put(path, secret)
  world.between?.('stored secret')
  return put.state === 'put' ? { state: 'made', already: false } : { state: 'refused', reason: put.reason }
}

/**
 * Takes a secret out of its store again: only the very one that the change put there, and only once no file that the change is about
 * refers to it.
 */
export async function undoSecret(
  world: ChangeWorld,
  state: ChangeState,
  index: number,
  { path, after }: SecretEffectPlanned,
  begin: () => Promise<void>,
): Promise<Undone> {
  // A step says so before anything is sent: what was there without one is somebody else's.
  const mayStand = state.steps.some((step) => step.is === 'effect-begun' && step.index === index && !step.undoing)
  const now = await world.ports.secretStores.look(path)
  if (now.state === 'unavailable')
    return mayStand
      ? left(`the store could not be asked, so whether it stands is not known: ${now.reason}`)
      : { how: 'never-done', detail: 'nothing was sent to the store' }
  if (now.state === 'absent') return { how: 'never-done', detail: 'nothing lies there' }
  if (!mayStand || after.state === 'absent') return { how: 'never-done', detail: 'the change did not put it there' }
  if (!is(now, after)) return left('somebody put another secret there since')
  const needed = stillNamed(state, path)
  if (needed !== null) return left(`${needed} refers to it still`)
  await begin()
  world.between?.('remove secret')
  const removed = await world.stores.remove(path, after.fingerprint)
  world.between?.('removed secret')
  return removed.state === 'removed'
    ? { how: 'identical', detail: 'nothing lies there, as before' }
    : left(removed.reason)
}

/** The file that names a secret still, or may: one that cannot be read counts for one that does. */
function stillNamed({ plan }: ChangeState, reference: string): string | null {
  const named = plan.effects.find((effect) => {
    if (effect.kind !== 'file') return false
    const now = fileNow(effect.path)
    return now.state === 'unavailable' || (now.state === 'file' && Buffer.from(now.bytes).includes(reference))
  })
  return named?.path ?? null
}

/** A secret that was kept for its store, held against what the plan says of it. */
export function keptSecret(
  world: Pick<ChangeWorld, 'kept' | 'ports'>,
  { change, index }: EffectOf,
  state: SecretState,
): string {
  const bytes = world.kept.read(change, `${index}-after`)
  const secret = bytes === null ? null : new TextDecoder().decode(bytes)
  if (secret !== null && state.state === 'secret' && world.ports.secrets.fingerprint(secret) === state.fingerprint)
    return secret
  throw new UserError(
    'evidence-invalid',
    `What was kept of change ${change} is gone, or is not what its plan says.`,
    'Restore the folder undo/ of the state, or give the change up and plan it again.',
  )
}

function is(now: { state: 'present'; fingerprint: string } | Absent, state: SecretState): boolean {
  if (now.state === 'absent') return state.state === 'absent'
  return state.state === 'secret' && now.fingerprint === state.fingerprint
}

function left(detail: string): Undone {
  return { how: 'left', detail: detail.slice(0, 1_000) }
}
