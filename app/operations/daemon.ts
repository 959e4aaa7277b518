import { counted } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import { afterRound } from './after-round.ts'
import { defineOperation } from './operation.ts'
import { keepUnattended } from './unattended.ts'

/** Runs what is due, when it is due, until it is stopped. */
export const daemon = defineOperation({
  id: 'daemon',
  summary: 'stay running: run each duty when it is due, make approved changes in their time, tell alarms',
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
      async (outcome) => {
        output.rounds += 1
        output.runs += outcome.ran.length
        await afterRound(context, outcome)
      },
      () => keepUnattended(context),
    )
    return {
      output,
      text: () => `Stopped after ${counted(output.rounds, 'round')} with ${counted(output.runs, 'run')}.\n`,
    }
  },
})
