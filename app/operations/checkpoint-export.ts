import { exportCheckpoint } from '@upkeep/engine/evidence/witness'
import { plain } from '@upkeep/engine/report/paint'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

/** Puts the newest checkpoint where the owner of this state cannot take it back. */
export const checkpointExport = defineOperation({
  id: 'checkpoint.export',
  summary: 'add the newest checkpoint to a witness elsewhere',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    to: z.string().min(1).describe('A file to append to, git:<folder of a repository>, or ssh:<host>:<file>'),
  }),
  output: z.strictObject({ to: z.string(), size: z.int(), root: z.string(), at: z.string(), added: z.boolean() }),
  cli: {
    verb: 'checkpoint export',
    positionals: ['to'],
    listed: 'rest',
    examples: [
      { command: 'upkeep checkpoint export /mnt/usb/upkeep-checkpoints.txt', says: 'a file elsewhere' },
      { command: 'upkeep checkpoint export git:../witness', says: 'a commit in a repository' },
      { command: 'upkeep checkpoint export ssh:witness.example:checkpoints.txt', says: 'another host' },
    ],
  },
  async run(context, { to }) {
    const where = { cwd: context.machine.cwd, signal: context.signal }
    const { checkpoint, added } = await exportCheckpoint(await requireStore(context), to, where)
    const output = { to, size: checkpoint.size, root: checkpoint.root, at: checkpoint.at, added }
    return {
      output,
      text: (style) =>
        `Checkpoint of ${checkpoint.size} entries, root ${checkpoint.root.slice(0, 16)}, ${added ? 'added to' : 'is already the last in'} ${plain(style, to)}.\nHold the ledger against it: upkeep verify --checkpoint <file>\n`,
      stamps: stampsOf({ practice: context.practice, simulatedClock: context.clock.kind === 'simulated' }),
    }
  },
})
