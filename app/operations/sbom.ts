import { printableJson } from '@upkeep/domain/printable-json'
import { z } from 'zod'
import { dayAsked } from './days.ts'
import { askedParts, ExportOutput, exportAnswer, exportInput } from './export-document.ts'
import { defineOperation } from './operation.ts'

/** Writes what the servers are made of. */
export const sbom = defineOperation({
  id: 'sbom',
  summary: 'what your servers are made of, as CycloneDX',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    ...exportInput,
    on: z.string().optional().meta({ description: 'As it was last seen on or before this day', valueName: 'date' }),
    timestamp: z.boolean().default(false).describe('Put the time into the document; without it the bytes repeat'),
  }),
  output: ExportOutput,
  cli: {
    verb: 'sbom',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep sbom --out sbom.json', says: 'the whole fleet, CycloneDX 1.6' },
      { command: 'upkeep sbom fs', says: 'one server' },
      { command: 'upkeep sbom --on 2026-10-01', says: 'as it was on a day' },
    ],
  },
  async run(context, { server, out, on, timestamp }) {
    const { cycloneDxSbom } = await import('@upkeep/engine/report/cyclonedx-sbom')
    const parts = await askedParts(context, server, on === undefined ? undefined : dayAsked(on).end)
    const origin = {
      version: context.version,
      observedAt: parts.run?.startedAt ?? null,
      run: parts.run?.id ?? null,
      stamps: parts.stamps,
      ...(timestamp ? { timestamp: context.clock.now() } : {}),
    }
    const document = cycloneDxSbom(parts.servers, origin, server === undefined ? 'fleet' : 'server')
    const text = `${printableJson(document)}\n`
    return exportAnswer(context, { format: 'CycloneDX 1.6', text, out, stamps: parts.stamps })
  },
})
