import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { workOutFiles } from '@upkeep/engine/change/plan-effects'
import { counted } from '@upkeep/engine/report/paint'
import type { TrialHands } from './try-plan.ts'

/** Whether trees that were put back are now file for file what is kept under the digests, worked out anew. */
export async function treeSeen({ catalog, ports }: TrialHands, { plan, phase }: ChangeState): Promise<string[]> {
  if (phase === 'undone') return []
  const seen: string[] = []
  for (const input of plan.inputs) {
    if (input.kind !== 'restore-package-tree') continue
    const what = `${counted(input.packages.length, 'package')} in ${input.path}`
    try {
      const { effects, limits } = await workOutFiles([input], { remediations: catalog.remediations, ports })
      const left = effects.length + limits.filter((line) => line !== untilRestarted).length
      seen.push(
        left === 0
          ? `${what} file for file as published`
          : `${what}: ${left === 1 ? 'one thing' : `${left} things`} in it not as published, or not to be told`,
      )
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      seen.push(`${what} could not be held against what was published: ${error.message}`)
    }
  }
  return seen
}
