import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { exportPack } from '@upkeep/engine/evidence/export-pack'
import { plain } from '@upkeep/engine/report/paint'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { endOfDay } from './days.ts'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

/** Writes what a stranger needs to check the records without us. */
export const evidenceExport = defineOperation({
  id: 'evidence.export',
  summary: 'write what a stranger can verify without us',
  effect: 'read',
  role: 'auditor',
  at: 'terminal',
  download: { field: 'file', name: 'upkeep-evidence.json', type: 'application/json' },
  input: z.strictObject({
    file: z
      .string()
      .min(1)
      .default('upkeep-evidence.json')
      .meta({ description: 'The file to write; it must not exist', valueName: 'file', local: true }),
    duty: z.string().optional().describe('Only what belongs to this duty'),
    since: z.string().optional().describe('Only what was sealed on or after this day'),
  }),
  output: z.strictObject({ file: z.string(), bytes: z.int() }),
  cli: {
    verb: 'evidence export',
    positionals: ['file'],
    listed: 'rest',
    examples: [
      { command: 'upkeep evidence export pack.json', says: 'everything' },
      { command: 'upkeep evidence export pack.json --since 2026-10-01', says: 'the latest quarter' },
    ],
  },
  async run(context, { file, duty, since }) {
    const at = context.clock.now()
    const path = resolve(context.machine.cwd, file)
    const store = await requireStore(context)
    const from = since === undefined ? {} : { since: `${endOfDay(since, at).slice(0, 10)}T00:00:00.000Z` }
    const handle = await open(path, 'wx', 0o600).catch(refuseExisting)
    let bytes = 0
    try {
      await exportPack(store, { ...from, ...(duty === undefined ? {} : { duty }), exportedAt: at }, async (piece) => {
        const { bytesWritten } = await handle.write(piece)
        bytes += bytesWritten
      })
    } finally {
      await handle.close()
    }
    return {
      output: { file: path, bytes },
      text: (style) =>
        `${plain(style, path, 1_000)} written, ${bytes} bytes.\nCheck it anywhere: node upkeep-verify.mjs <file>\n`,
      stamps: stampsOf({ practice: context.practice, simulatedClock: context.clock.kind === 'simulated' }),
    }
  },
})

function refuseExisting(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
  if (code === 'EEXIST')
    throw new UserError('config-exists', 'That file is there already. It was not touched.', 'Name another file.')
  throw new UserError(
    'bad-input',
    `That file cannot be written (${code}).`,
    'Name a file in a folder that you can write.',
  )
}
