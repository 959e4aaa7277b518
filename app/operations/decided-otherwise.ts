import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { refuseChange, withdrawWord } from './change-flow.ts'
import { changeOutput } from './change-output.ts'
import type { Context } from './context.ts'

/** A no, or a word taken back. */
export async function decidedOtherwise(
  context: Context,
  world: ChangeWorld,
  named: ChangeState,
  { refuse, reason }: { refuse: boolean; reason?: string | undefined },
) {
  if (refuse && reason === undefined) throw new UserError('bad-input', 'A refusal takes a reason.', 'Add --reason "…".')
  const state = refuse
    ? await refuseChange(context, world, named, reason ?? '')
    : await withdrawWord(context, world, named)
  const held = await world.heldBy(state)
  const { person } = context.signer
  return {
    output: { change: changeOutput(state, held), policies: null },
    text: (style: TerminalStyle) =>
      `${plain(style, state.plan.title)}: ${refuse ? `refused by ${person}. It is not made until they take that back.` : `what ${person} said is taken back.`}\n`,
  }
}
