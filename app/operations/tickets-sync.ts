import { z } from 'zod'
import { syncTickets } from '../tell-tickets.ts'
import { defineOperation } from './operation.ts'
import { tickets, ticketsAnswer } from './tickets.ts'

/** Tells trackers what they were not told yet, and reads how the tickets stand there. Decides nothing by it. */
export const ticketsSync = defineOperation({
  id: 'tickets.sync',
  summary: 'tell trackers what they were not told yet, and read how the tickets stand there',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({}),
  output: tickets.output,
  cli: {
    verb: 'tickets sync',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep tickets sync', says: 'now; every round does it too' }],
  },
  async run(context) {
    context.progress('Asking the trackers')
    await syncTickets(context)
    const answer = await ticketsAnswer(context)
    const isWhole = answer.output.tickets.every(({ why }) => why === '')
    return { ...answer, ...(isWhole ? {} : { outcome: 'not-evaluated' as const }) }
  },
})
