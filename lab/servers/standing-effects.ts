import type { Place, Ports } from '@upkeep/contract'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { revertEdits } from '@upkeep/domain/client-edits/revert-edits'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { effectStands } from '@upkeep/engine/change/effect-hands'

/** How a change is looked at again, and taken back in part, where only its effects count. */
export function standingEffects(ports: Ports): Pick<ChangeWorld, 'observe' | 'revert'> {
  const places: () => readonly Place[] = () => ports.places.list()
  return {
    observe: async ({ plan, phase }) => {
      const as = phase === 'undone' ? 'before' : 'after'
      const stands = await Promise.all(plan.effects.map((one) => effectStands({ ports }, one, as)))
      return { holds: stands.every((one) => one === true), findings: [], pending: [] }
    },
    revert: ({ path, before, after, now }) => {
      const file = entryFileAt(places(), path, now)
      if (file === null) return { state: 'refused', reason: 'no file of a client' }
      const reverted = revertEdits(before, after, now, file.location.format)
      return reverted.state === 'refused'
        ? reverted
        : { ...reverted, left: reverted.left.map((path) => path.join('.')) }
    },
  }
}
