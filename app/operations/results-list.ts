import { UserError } from '@upkeep/contract'
import { keptResults } from '@upkeep/engine/intel/kept-results'
import { layParts, layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import type { Context } from './context.ts'
import { HeldResults } from './hold-results.ts'
import { defineOperation } from './operation.ts'
import { heldNow, heldParts, heldRows, isUnsure, ListedResults, listedResults, resultsRow } from './results-rows.ts'

/** Which results of other scanners are in place, how old they are, and how they stand beside ours. */
export const resultsList = defineOperation({
  id: 'results.list',
  summary: "list other scanners' results: age, and how they differ from ours",
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    name: z.string().min(1).optional().describe('Only these results, with every difference'),
  }),
  output: z.strictObject({
    results: z.array(ListedResults),
    damaged: z.array(z.string()).describe('Kept results that are not what was kept'),
    held: HeldResults.nullable().describe('How those that were named stand beside ours'),
  }),
  cli: {
    verb: 'results',
    positionals: ['name'],
    listed: 'rest',
    examples: [
      { command: 'upkeep results', says: 'what was taken in, with its age' },
      { command: 'upkeep results other.sarif', says: 'every difference between it and what was found here' },
    ],
  },
  async run(context, { name }) {
    const at = context.clock.now()
    const { results, damaged } = named(context, name)
    const listed = results.map((one) => listedResults(context, one))
    const [only] = results
    const held = name === undefined || only === undefined ? null : await heldNow(context, only)
    const unsure = damaged.length > 0 || listed.some(isUnsure)
    return {
      output: { results: listed, damaged, held },
      text: (style) => {
        if (listed.length + damaged.length === 0) return 'No results of another scanner: upkeep import results.\n'
        const rows = [...listed.map((one) => resultsRow(one, at)), ...damaged.map(damagedRow)]
        const compared = held === null ? [] : [...layRows(heldRows(held), style), ...layParts(heldParts(held), style)]
        return `${[...layRows(rows, style), ...compared].join('\n')}\n`
      },
      table: {
        columns: ['name', 'form', 'tool', 'tool_version', 'produced_at', 'imported_at', 'about', 'stale', 'problem'],
        rows: listed.map((one) => [
          one.name,
          one.form,
          one.tool,
          one.toolVersion,
          one.producedAt,
          one.importedAt,
          one.about,
          one.stale ? 'yes' : 'no',
          one.problem,
        ]),
      },
      ...(unsure ? { outcome: 'not-evaluated' as const } : {}),
    }
  },
})

function named(context: Context, name: string | undefined) {
  const { results, damaged } = keptResults(context.stateDir)
  const inPlace = results.filter((one) => one.withdrawnAt === null)
  if (name === undefined) return { results: inPlace, damaged }
  const found = inPlace.filter((one) => one.name === name)
  if (found.length > 0) return { results: found, damaged: [] }
  throw new UserError('not-found', 'No results have that name.', 'List them: "upkeep results".')
}

function damagedRow(file: string) {
  const lines = [file, 'it is not what was kept: take the results in again']
  return { label: 'unknown', tone: 'yellow' as const, name: '', lines, command: null }
}
