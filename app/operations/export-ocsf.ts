import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { askedParts, ExportOutput, exportAnswer, exportInput } from './export-document.ts'
import { namedBy, standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'

/** Writes the findings as events for a log store. */
export const exportOcsf = defineOperation({
  id: 'export.ocsf',
  summary: 'the findings as OCSF events, for a log store',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    about: z.string().optional().describe('A server, a duty, a rule or a fingerprint'),
    out: exportInput.out,
  }),
  output: ExportOutput,
  cli: {
    verb: 'export ocsf',
    positionals: ['about'],
    listed: 'rest',
    examples: [{ command: 'upkeep export ocsf --out findings.jsonl', says: 'one event on each line' }],
  },
  async run(context, { about, out }) {
    const { ocsfVersion, renderOcsf } = await import('@upkeep/engine/report/ocsf')
    const { stamps } = await askedParts(context, undefined)
    const all = await standingFindings(await requireStore(context), context.clock.now())
    const standing = about === undefined ? all : namedBy(about, all)
    const text = renderOcsf(standing, { version: context.version, stamps })
    return exportAnswer(context, { format: `OCSF ${ocsfVersion}, class 2002`, text, out, stamps })
  },
})
