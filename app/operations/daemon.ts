import { UserError } from '@upkeep/contract'
import { counted } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import type { Context } from './context.ts'
import { enforceNow } from './enforce-now.ts'
import { defineOperation } from './operation.ts'

/** Runs what is due, when it is due, until it is stopped. */
export const daemon = defineOperation({
  id: 'daemon',
  summary: 'stay running, and run each duty when it is due',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({}),
  output: z.strictObject({ rounds: z.int(), runs: z.int() }),
  cli: {
    verb: 'daemon',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep daemon', says: 'until Ctrl-C; where no scheduler of the system is wanted' }],
  },
  async run(context) {
    const output = { rounds: 0, runs: 0 }
    await context.acts.daemon(
      (outcome) => {
        output.rounds += 1
        output.runs += outcome.ran.length
      },
      () => kept(context),
    )
    return {
      output,
      text: () => `Stopped after ${counted(output.rounds, 'round')} with ${counted(output.runs, 'run')}.\n`,
    }
  },
})

/** What could not be looked at now is said, and looked at again in a minute: the daemon lives on. */
async function kept(context: Context): Promise<void> {
  if (context.upkeepFile.modes.every(({ mode }) => mode === 'observe')) return
  try {
    const found = await enforceNow(context, { plan: false })
    for (const one of found?.done ?? [])
      if (one.done === 'set-back' || one.done === 'failed')
        context.tell(
          `${one.server} of ${one.client}: ${one.done === 'failed' ? one.why : `set back by change ${one.change}`}`,
        )
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'state-busy') throw error
    context.tell(`What shall be could not be compared: ${error.message}`)
  }
}
