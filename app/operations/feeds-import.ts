import { isAbsolute, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import type { Imported } from '@upkeep/engine/intel/import-feed'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { countOf, feedRow, ListedFeed } from './feeds-list.ts'
import { defineOperation } from './operation.ts'

/** Takes feeds into the state folder: from files, folders, addresses, or an archive of them. */
export const feedsImport = defineOperation({
  id: 'feeds.import',
  summary: 'take feeds in: files, folders, URLs, or an archive of feeds',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    sources: z.array(z.string().min(1)).min(1).describe('Files, folders or URLs; a URL is fetched now'),
    name: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What to call it, when there is one; a later edition of that name replaces it'),
    key: z
      .string()
      .max(5_000)
      .optional()
      .describe('The SSH public key that must have signed it, as in a .pub file; the signature lies beside it in .sig'),
  }),
  output: z.strictObject({
    imported: z.array(ListedFeed.extend({ replaced: z.boolean() })),
    left: z
      .array(z.strictObject({ id: z.string(), reason: z.string() }))
      .describe('Files of a folder that are no feed'),
  }),
  cli: {
    verb: 'feeds import',
    positionals: ['sources'],
    listed: 'rest',
    examples: [
      {
        command: 'upkeep feeds import npm.zip known_exploited_vulnerabilities.json',
        says: 'kept, whatever becomes of the files',
      },
      { command: 'upkeep feeds import feeds.upkeep.zip', says: 'what upkeep feeds export wrote elsewhere' },
    ],
  },
  async run(context, { sources, name, key }) {
    if (name !== undefined && sources.length > 1) {
      throw new UserError('bad-input', 'One name cannot stand for several feeds.', 'Import them one by one.')
    }
    const { importFeed } = await import('@upkeep/engine/intel/import-feed')
    const at = context.clock.now()
    const { stateDir, signal } = context
    const outcomes: Imported[] = []
    for (const source of sources) {
      context.progress('taking in a feed')
      const place = /^https?:\/\//.test(source) || isAbsolute(source) ? source : resolve(context.machine.cwd, source)
      outcomes.push(...(await importFeed(place, { stateDir, at, signal, name, key })))
    }
    refuseUnreadable(outcomes)
    const imported = outcomes.flatMap((one) =>
      one.state === 'imported' ? [{ ...one.feed, usable: true, replaced: one.replaced }] : [],
    )
    const left = outcomes.flatMap((one) => (one.state === 'left' ? [{ id: one.id, reason: one.reason }] : []))
    return {
      output: { imported, left },
      text: (style) =>
        `${layRows([...imported.map((feed) => feedRow(feed, at, style.verbose)), ...leftRows(left)], style).join(
          '\n',
        )}\n`,
    }
  },
})

const maxLeft = 10

/** Files of a folder that are no feed, each with why. */
function leftRows(left: readonly { id: string; reason: string }[]) {
  const lines = left.slice(0, maxLeft).map(({ id, reason }) => `${id}: ${reason}`)
  const more = left.length - maxLeft
  if (more > 0) lines.push(`and ${more} more`)
  return lines.length === 0 ? [] : [{ label: 'left out', tone: 'yellow' as const, name: '', lines, command: null }]
}

/** What could be read was taken in; what could not is an error, so that nobody takes it for done. */
function refuseUnreadable(outcomes: readonly Imported[]): void {
  const refused = outcomes.filter((one) => one.state === 'refused')
  if (refused.length === 0) return
  const taken = outcomes.filter((one) => one.state === 'imported').length
  const more = refused.length - maxRefused
  const told = refused
    .slice(0, maxRefused)
    .flatMap(({ id, reason, records }) => [
      `Not taken in: ${printable(id)}: ${printable(reason)}.`,
      ...recordLines('quarantined', records?.quarantined ?? []),
      ...recordLines('rejected', records?.rejected ?? []),
    ])
  const rest = more > 0 ? [`Nor were ${more} more.`] : []
  const changed = taken === 0 ? 'Nothing was changed.' : `${taken} others were taken in.`
  throw new UserError(
    'feed-unreadable',
    [...told, ...rest, changed].join('\n'),
    'Get it again from its source, and see upkeep feeds for what is in place.',
  )
}

const maxRefused = 5
const maxRecords = 5

/** The first records that were set aside, each with why, and how many more there are. */
function recordLines(word: string, records: readonly { record: string; reason: string }[]): string[] {
  const shown = records.slice(0, maxRecords)
  const more = countOf(records) - shown.length
  const lines = shown.map(
    ({ record, reason }) => `  ${word}: ${printable(record, bounds)}: ${printable(reason, bounds)}`,
  )
  return more > 0 ? [...lines, `  and ${more} more ${word}`] : lines
}

const bounds = { maxLength: 120 }
