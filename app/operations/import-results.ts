import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { feedName } from '@upkeep/engine/intel/feed-name'
import { layParts, layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { HeldResults } from './hold-results.ts'
import { defineOperation } from './operation.ts'
import { heldNow, heldParts, heldRows, isUnsure, ListedResults, listedResults, resultsRow } from './results-rows.ts'

const maxBytes = 256 << 20

/** Takes another scanner's results in, and holds them against ours. The next scan judges by them. */
export const importResults = defineOperation({
  id: 'import.results',
  summary: "take another scanner's results in, and hold them against ours",
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    file: z.string().min(1).describe('SARIF 2.1.0, CycloneDX, SPDX 2.3 or SPDX 3.0, as JSON'),
    name: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What to call them; later results of that name replace them. By default the name of the file'),
    server: z.string().min(1).max(300).optional().describe('The server that they are about; else the whole fleet'),
  }),
  output: z.strictObject({
    results: ListedResults,
    replaced: z.boolean(),
    held: HeldResults.nullable().describe('Null where no scan has looked at anything yet'),
  }),
  cli: {
    verb: 'import results',
    positionals: ['file'],
    listed: 'rest',
    examples: [
      { command: 'upkeep import results other.sarif', says: 'what both found, and what only one did' },
      {
        command: 'upkeep import results crm.cdx.json --server crm',
        says: 'what another inventory lists of one server',
      },
    ],
  },
  async run(context, { file, name, server }) {
    const bytes = readResultsFile(resolve(context.machine.cwd, file))
    const { keepResults, readForeignBytes } = await import('@upkeep/engine/intel/kept-results')
    const at = context.clock.now()
    const taken = { name: name ?? feedName(file).slice(0, 200), bytes, at, about: server ?? null }
    const { kept, replaced } = keepResults(context.stateDir, readForeignBytes(bytes, at), taken)
    const results = listedResults(context, kept)
    const held = await heldNow(context, kept)
    const open = held?.reports.some((one) => one.standing !== 'agreed' && one.standing !== 'not ours') ?? true
    return {
      output: { results, replaced, held },
      text: (style) => {
        const rows = [resultsRow(results, at), ...(held === null ? [] : heldRows(held))]
        const parts = held === null ? ['nothing was looked at yet: upkeep scan'] : heldParts(held)
        return `${[...layRows(rows, style), ...layParts(parts, style)].join('\n')}\n`
      },
      table: {
        columns: ['id', 'package', 'version', 'says', 'standing', 'why'],
        rows: (held?.reports ?? []).map((one) => [
          one.ids[0] ?? '',
          one.package,
          one.version,
          one.says,
          one.standing,
          one.why,
        ]),
      },
      ...(isUnsure(results) || open ? { outcome: 'not-evaluated' as const } : {}),
    }
  },
})

/** Refuses what is no plain file before a byte is read: a pipe would be waited for. */
function readResultsFile(path: string): Uint8Array {
  let file: number | null = null
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const facts = fstatSync(file)
    if (!facts.isFile()) throw refused('is no plain file')
    if (facts.size > maxBytes) throw refused(`is larger than ${maxBytes >> 20} MiB`)
    return readFileSync(file)
  } catch (error) {
    throw error instanceof UserError ? error : refused('cannot be read')
  } finally {
    if (file !== null) closeSync(file)
  }
}

function refused(why: string): UserError {
  return new UserError('bad-input', `That file ${why}.`, 'Name a JSON file of results.')
}
