import { UserError } from '@upkeep/contract'
import { withdrawResults } from '@upkeep/engine/intel/kept-results'
import { plain } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import { defineOperation } from './operation.ts'

/** Takes another scanner's results out again: the next scan withdraws what only they reported. */
export const resultsRemove = defineOperation({
  id: 'results.remove',
  summary: "take another scanner's results out again",
  effect: 'write',
  role: 'operator',
  input: z.strictObject({ name: z.string().min(1).describe('What they are called: see upkeep results') }),
  output: z.strictObject({ name: z.string(), digest: z.string() }),
  cli: {
    verb: 'results remove',
    positionals: ['name'],
    listed: 'rest',
    examples: [{ command: 'upkeep results remove other.sarif', says: 'what only it reported is withdrawn' }],
  },
  async run(context, { name }) {
    const removed = withdrawResults(context.stateDir, name, context.clock.now())
    if (removed === null) throw new UserError('not-found', 'No results have that name.', 'List them: "upkeep results".')
    return {
      output: { name, digest: removed.digest },
      text: (style) => `${plain(style, name, 200)} taken out; the next scan withdraws what only it reported.\n`,
    }
  },
})
