import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { takeBack } from '@upkeep/engine/change/drive-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { z } from 'zod'
import { asItIsNow, asTheOnlyMaker, changeNamed } from './change-flow.ts'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { outcomeText } from './change-text.ts'
import { refuseAgents } from './decide.ts'
import { defineOperation } from './operation.ts'
import { tellOfEnd } from './tell-of-change.ts'

/** Takes a change back: to the very bytes of before. */
export const undo = defineOperation({
  id: 'undo',
  summary: 'take a change back, to the very bytes of before',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    change: z
      .string()
      .optional()
      .describe('The id of the change or its beginning; left out, the last one that was made'),
    reason: z.string().min(1).max(2_000).optional().describe('Why, for the record'),
  }),
  output: z.strictObject({ change: ChangeOutput }),
  cli: {
    verb: 'undo',
    positionals: ['change'],
    listed: 'front',
    examples: [
      { command: 'upkeep undo', says: 'the last change that was made' },
      { command: 'upkeep undo 019abc01 --reason "the client does not start it"', says: 'one change' },
    ],
  },
  async run(context, input) {
    // What a person approved, an emergency's measure among it, is brought back by a person. The engine's own way back asks nobody.
    refuseAgents(context)
    const world = await context.acts.changes()
    const named = input.change === undefined ? await lastMade(world) : await changeNamed(world, input.change)
    const why = { why: input.reason ?? 'taken back by hand', signer: context.signer }
    const taken = await asTheOnlyMaker(context, world, async (maker) =>
      takeBack(world, await asItIsNow(world, named), why, maker),
    )
    const state = await tellOfEnd(context, world, taken)
    return {
      output: { change: changeOutput(state, null) },
      text: (style) => outcomeText(state, style, context.clock.now()),
      ...(state.outcome === 'rolled-back' ? {} : { outcome: 'findings' as const }),
    }
  },
})

async function lastMade(world: ChangeWorld): Promise<ChangeState> {
  for (const id of await world.store.changes.list({ limit: 200 })) {
    const state = await storedChange(world.store, id)
    if (state !== null && state.done.size > 0) return state
  }
  throw new UserError('not-found', 'No change stands that could be taken back.', 'See "upkeep changes".')
}
