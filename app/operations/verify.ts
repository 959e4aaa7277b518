import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { counted, paint, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layParts, layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const Problem = z.strictObject({
  what: z.string(),
  index: z.int().nullable(),
  record: z.strictObject({ type: z.string(), id: z.string() }).nullable(),
  detail: z.string(),
})

const Evidence = z.strictObject({
  valid: z.boolean(),
  origin: z.string().nullable(),
  leaves: z.int(),
  records: z.int(),
  objects: z.int(),
  checkpoints: z.int(),
  earlier: z.int(),
  problems: z.array(Problem),
  problemCount: z.int(),
  cannotTell: z.array(z.string()),
})

const Rederived = z.strictObject({
  runs: z.int(),
  verdicts: z.int(),
  differing: z.array(z.strictObject({ run: z.string(), duty: z.string(), subject: z.string(), reason: z.string() })),
  skipped: z.array(z.strictObject({ run: z.string(), duty: z.string(), reason: z.string() })),
})

const Output = z.strictObject({ evidence: Evidence, rederived: Rederived.nullable() })

/** Checks everything that was sealed. */
export const verify = defineOperation({
  id: 'verify',
  summary: 'check every sealed record: digests, order, signatures',
  effect: 'read',
  role: 'auditor',
  at: 'terminal',
  input: z.strictObject({
    checkpoint: z.array(z.string()).default([]).describe('A checkpoint exported earlier: a file'),
    key: z.array(z.string()).default([]).describe('A public key kept elsewhere, as one line'),
    rederive: z.boolean().default(false).describe('Assess the stored observations again with the installed duties'),
  }),
  output: Output,
  cli: {
    verb: 'verify',
    positionals: [],
    listed: 'front',
    examples: [
      { command: 'upkeep verify', says: 'the whole ledger' },
      { command: 'upkeep verify --checkpoint /mnt/witness/upkeep.txt', says: 'against what was exported before' },
      { command: 'upkeep verify --rederive', says: 'draw every verdict again' },
    ],
  },
  async run(context, input) {
    const { verifyStore } = await import('@upkeep/engine/evidence/verify-store')
    const store = await requireStore(context)
    const earlier = await Promise.all(input.checkpoint.map((path) => readCheckpoint(context, path)))
    context.progress('verifying the ledger')
    const evidence = await verifyStore(store, { earlier, keys: input.key })
    if (input.rederive) context.progress('assessing stored observations again')
    const rederived = input.rederive ? await context.acts.rederive(store) : null
    const output = Output.parse({ evidence, rederived })
    const wrong = !evidence.valid || (rederived?.differing.length ?? 0) > 0
    const open = (rederived?.skipped.length ?? 0) > 0
    return {
      output,
      text: (style) => verifyText(output, style),
      ...(wrong ? { outcome: 'findings' as const } : open ? { outcome: 'not-evaluated' as const } : {}),
    }
  },
})

async function readCheckpoint(context: Context, path: string): Promise<string> {
  try {
    return await readFile(resolve(context.machine.cwd, path), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UserError(
      'not-found',
      `A checkpoint file cannot be read (${code}).`,
      'Name a file that "upkeep checkpoint export" wrote.',
    )
  }
}

function verifyText({ evidence, rederived }: z.infer<typeof Output>, style: TerminalStyle): string {
  const head = evidence.valid
    ? paint(style, 'green', 'The ledger verifies.')
    : paint(style, 'red', `The ledger does not verify: ${counted(evidence.problemCount, 'problem')}.`)
  const counts = [
    counted(evidence.leaves, 'entry', 'entries'),
    counted(evidence.records, 'record'),
    counted(evidence.objects, 'object'),
    counted(evidence.checkpoints, 'checkpoint'),
    `held against ${counted(evidence.earlier, 'checkpoint')} exported earlier`,
  ]
  const problems = evidence.problems.slice(0, 50).map((one) => {
    const index = one.index === null ? '' : `entry ${one.index}: `
    const record = one.record === null ? '' : `${one.record.type} ${one.record.id}: `
    return `${index}${record}${one.detail} (${one.what})`
  })
  const left = evidence.problemCount - problems.length
  const more = left > 0 ? [`  ${left} more: upkeep verify --json`] : []
  const limits = ['', 'What this cannot tell:', ...listed(evidence.cannotTell, style)]
  return `${[head, ...layParts(counts, style), ...listed(problems, style), ...more, ...rederivedLines(rederived, style), ...limits].join('\n')}\n`
}

function rederivedLines(rederived: z.infer<typeof Rederived> | null, style: TerminalStyle): string[] {
  if (rederived === null) return []
  const { runs, verdicts, differing, skipped } = rederived
  const head = `${verdicts} verdicts of ${runs} runs drawn again: ${differing.length} differ, ${skipped.length} runs not done again`
  const lines = [
    ...differing.slice(0, 50).map((one) => `run ${one.run}, ${one.duty}, ${one.subject}: ${one.reason}`),
    ...skipped.slice(0, 50).map((one) => `run ${one.run}, ${one.duty}: ${one.reason}`),
  ]
  return ['', ...layParts([head], style), ...listed(lines, style)]
}

function listed(lines: readonly string[], style: TerminalStyle): string[] {
  return layRows(
    lines.map((line) => ({ label: '', tone: 'dim', name: '', lines: [line], command: null })),
    style,
  )
}
