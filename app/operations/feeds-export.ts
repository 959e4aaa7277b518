import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { plain } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import { feedsOf } from '../feeds-of.ts'
import { advisoryPacks } from '../installed-files.ts'
import { defineOperation } from './operation.ts'

const Listed = z.strictObject({ id: z.string(), sha256: z.string(), bytes: z.int() })

/** Writes the feeds in place into one archive, for a site without a network. */
export const feedsExport = defineOperation({
  id: 'feeds.export',
  summary: 'write the feeds in place into one file, for a site without a network',
  effect: 'read',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    file: z.string().min(1).default('feeds.upkeep.zip').describe('The file to write; it must not exist'),
  }),
  output: z.strictObject({
    file: z.string(),
    bytes: z.int(),
    feeds: z.array(Listed),
    left: z.array(z.strictObject({ id: z.string(), reason: z.string() })),
  }),
  cli: {
    verb: 'feeds export',
    positionals: ['file'],
    listed: 'rest',
    examples: [{ command: 'upkeep feeds export feeds.upkeep.zip', says: 'carry it over, then: upkeep feeds import' }],
  },
  async run(context, { file }) {
    const path = resolve(context.machine.cwd, file)
    if (existsSync(path)) {
      throw new UserError('config-exists', 'That file is there already. It was not touched.', 'Name another file.')
    }
    const { exportFeeds } = await import('@upkeep/engine/intel/export-feeds')
    const { osv, sources = [] } = feedsOf({ ...context, cwd: context.machine.cwd })
    // The packs that come with the product are there at the other end too.
    const own = new Set(advisoryPacks())
    const places = [...osv.filter((one) => !own.has(one)).map((one) => ({ path: one })), ...sources]
    const { feeds, left, bytes } = await exportFeeds(context.stateDir, places, path)
    return {
      output: { file: path, bytes, feeds, left },
      text: (style) => {
        const missing = left.map(
          ({ id, reason }) => `Left out: ${plain(style, id, 200)}: ${plain(style, reason, 300)}\n`,
        )
        return `${plain(style, path, 1_000)} written: ${feeds.length} feeds, ${bytes} bytes.\n${missing.join('')}`
      },
    }
  },
})
