import { UserError } from '@upkeep/contract'
import { printableJson } from '@upkeep/domain/printable-json'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { askedParts, ExportOutput, exportAnswer, exportInput } from './export-document.ts'
import { standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'

const formats = { cyclonedx: 'CycloneDX 1.6 VEX', openvex: 'OpenVEX 0.2.0' } as const

/** Writes which advisories hold for what you run, which do not and why, and what was accepted. */
export const vex = defineOperation({
  id: 'vex',
  summary: 'which advisories hold for what you run, as VEX',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    ...exportInput,
    format: z.enum(['cyclonedx', 'openvex']).default('cyclonedx').describe('cyclonedx or openvex'),
    timestamp: z.boolean().default(false).describe('Put the present time into the document'),
  }),
  output: ExportOutput,
  cli: {
    verb: 'vex',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep vex --out vex.json', says: 'CycloneDX, with the analysis of each advisory' },
      { command: 'upkeep vex fs --format openvex', says: 'one server, as OpenVEX' },
    ],
  },
  async run(context, { server, out, format, timestamp }) {
    const { vexStatements } = await import('@upkeep/engine/report/vex-statements')
    const parts = await askedParts(context, server)
    const standing = await standingFindings(await requireStore(context), context.clock.now())
    const statements = vexStatements(parts.servers, parts.advisories, standing)
    const origin = {
      version: context.version,
      observedAt: parts.run?.startedAt ?? null,
      run: parts.run?.id ?? null,
      stamps: parts.stamps,
      ...(timestamp ? { timestamp: context.clock.now() } : {}),
    }
    const text = `${printableJson(await documentOf(format, statements, origin))}\n`
    return exportAnswer(context, { format: formats[format], text, out, stamps: parts.stamps })
  },
})

type Statements = Parameters<typeof import('@upkeep/engine/report/openvex').openVex>[0]
type Origin = Parameters<typeof import('@upkeep/engine/report/cyclonedx-vex').cycloneDxVex>[1]

async function documentOf(format: keyof typeof formats, statements: Statements, origin: Origin): Promise<object> {
  if (format === 'cyclonedx') {
    const { cycloneDxVex } = await import('@upkeep/engine/report/cyclonedx-vex')
    return cycloneDxVex(statements, origin)
  }
  if (statements.length === 0)
    throw new UserError(
      'not-found',
      'No advisory at hand is about anything that was seen, and OpenVEX has no document without a statement.',
      'Use --format cyclonedx, or name more feeds in upkeep.yaml.',
    )
  const { openVex } = await import('@upkeep/engine/report/openvex')
  return openVex(statements, { ...origin, author: 'upkeep' })
}
