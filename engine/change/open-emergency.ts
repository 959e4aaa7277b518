import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { ChangeStep } from '@upkeep/contract/change-step'
import type { Signer } from '@upkeep/contract/person'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import { proposeChange } from './propose-change.ts'
import { recordStep } from './record-step.ts'

/** What is kept of the world before the first write. */
export interface Capture {
  readonly kept: readonly { name: string; value: unknown; count: number }[]
  readonly missing: readonly string[]
}

type Opened = Pick<Extract<ChangeStep, { is: 'emergency' }>, 'trigger' | 'affected' | 'notKnown' | 'rehearsal'> & {
  requester: Signer
  reason: string | null
  capture(): Promise<Capture>
}

/**
 * Opens an emergency: what is to be made, who is affected, and what was there before it is touched. Each is sealed before the next begins; the
 * gate lets nothing through without the last of them.
 */
export async function openEmergency(world: ChangeWorld, plan: ChangePlan, opened: Opened): Promise<ChangeState> {
  const { trigger, affected, notKnown, rehearsal } = opened
  const proposed = await proposeChange(world, plan, opened)
  const state = await recordStep(world, proposed, { is: 'emergency', trigger, affected, notKnown, rehearsal })
  world.progress('Keeping what is there before it is touched')
  const { kept, missing } = await opened.capture()
  const digests = await world.store.objects.putMany(kept.map(({ value }) => canonicalJson(value)))
  const captured = kept.map(({ name, count }, index) => ({ name, count, digest: digests[index] ?? '' }))
  return recordStep(world, state, { is: 'evidence', captured, missing: [...missing] })
}
