import { UserError } from '@upkeep/contract'
import { z } from 'zod'
import { statedFor } from '../maintenance/contract-grounds.ts'
import { publishContract } from '../maintenance/publish-contract.ts'
import { publishedOf } from '../maintenance/published.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { ExportOutput, exportAnswer } from './export-document.ts'
import { defineOperation } from './operation.ts'

const format = 'maintenance contract, DSSE'
const server = z.string().min(1).max(500).describe('A server, by its name in the client')

/** Publishes what is known and stated of the maintenance of one server, signed. */
export const contractPublish = defineOperation({
  id: 'contract.publish',
  summary: 'publish the signed maintenance contract of a server: windows, proven controls, end of life, VEX',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    server,
    out: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Write it to this file instead of showing it', valueName: 'file', local: true }),
  }),
  output: ExportOutput,
  cli: {
    verb: 'contract publish',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep contract publish crm --out maintenance.json', says: 'a new edition, as things stand now' },
    ],
  },
  async run(context, { server, out }) {
    await requireStore(context)
    const { text, statement } = await publishContract(context, server)
    return exportAnswer(context, { format, text, out, stamps: statement.predicate.stamps })
  },
})

/** The newest edition that was published here. */
export const contractShow = defineOperation({
  id: 'contract.show',
  summary: 'the newest maintenance contract of a server that was published here',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    server,
    listed: z.boolean().default(false).describe('Only where upkeep.yaml lists it as public'),
  }),
  output: ExportOutput,
  cli: {
    verb: 'contract show',
    positionals: ['server'],
    listed: 'rest',
    examples: [{ command: 'upkeep contract show crm', says: 'what "upkeep serve" hands out where it is public' }],
  },
  async run(context, asked) {
    const text = await publishedText(context, asked)
    return exportAnswer(context, { format, text, out: undefined, stamps: [] })
  },
})

async function publishedText(context: Context, asked: { server: string; listed: boolean }): Promise<string> {
  const isShown = !asked.listed || statedFor(context, asked.server)?.public === true
  const store = isShown ? await context.existingStore() : null
  const published = store === null ? null : await publishedOf(store, asked.server)
  if (published !== null) return published.text
  throw new UserError(
    'not-found',
    'No contract of that server was published here.',
    'Publish one: "upkeep contract publish <server>".',
  )
}
