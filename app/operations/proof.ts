import { RecordProof } from '@upkeep/contract/evidence'
import { counted, paint, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layParts } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'
import { storedAs } from './show.ts'

const Output = z.strictObject({
  type: z.string(),
  id: z.string(),
  proof: RecordProof.nullable(),
  /** Why there is none. */
  why: z.string().nullable(),
  /** The newest signed head that the proof leads to. */
  head: z.strictObject({ size: z.int(), root: z.string(), at: z.string() }).nullable(),
})

/** That one record is in the ledger, shown to somebody who is given nothing else of it. */
export const proof = defineOperation({
  id: 'proof',
  summary: 'prove that one record is in the signed ledger',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    id: z.string().min(8).max(200).describe('The id of a run, finding, acceptance, baseline, change, consent or key'),
    since: z.int().nonnegative().optional().meta({
      description: 'Show too that the ledger grew from its head over so many leaves, kept elsewhere',
      valueName: 'leaves',
    }),
  }),
  output: Output,
  cli: {
    verb: 'proof',
    positionals: ['id'],
    listed: 'rest',
    examples: [
      { command: 'upkeep proof 01a21fbc-ea4c-7e97-9e12-ba56c7760bed', says: 'of a run' },
      {
        command: 'upkeep proof 01a21fbc-ea4c-7e97-9e12-ba56c7760bed --json',
        says: 'for somebody else: save it as a file',
      },
    ],
  },
  async run(context, { id, since }) {
    const store = await requireStore(context)
    const stored = await storedAs(store, id)
    const { type, id: whole } = stored
    const stamps = stampsOf({ practice: context.practice, simulatedClock: context.clock.kind === 'simulated' })
    const none = (why: string) => ({ type, id: whole, proof: null, why, head: null })
    if (type === 'object') {
      const output = none(ofObject)
      return { output, text: (style) => proofText(output, style), outcome: 'not-evaluated', stamps }
    }
    context.progress('reading the leaves of the ledger')
    const { proveRecord } = await import('@upkeep/engine/evidence/prove-record')
    const made = await proveRecord(store, { type, id: whole, since: since ?? null })
    if (made.proof === null) {
      const output = none(made.why)
      const outcome = made.wrong ? ('findings' as const) : ('not-evaluated' as const)
      return { output, text: (style) => proofText(output, style), outcome, stamps }
    }
    const { size, root, at } = made.head
    const output = { type, id: whole, proof: made.proof, why: null, head: { size, root, at } }
    return { output, text: (style) => proofText(output, style), stamps }
  },
})

const ofObject =
  'It is an object and no record: its name is the SHA-256 of its text, and what is sealed is the record that names it. Ask for the proof of that one.'

function proofText({ type, id, proof: made, why, head }: z.infer<typeof Output>, style: TerminalStyle): string {
  if (made === null || head === null)
    return `${paint(style, 'red', `No proof of ${type} ${id}.`)}\n${layParts([why ?? ''], style).join('\n')}\n`
  const parts = [
    `${counted(made.path.length, 'hash', 'hashes')} lead from it to the root ${head.root}`,
    `that head, over ${counted(head.size, 'leaf', 'leaves')}, was signed at ${head.at} by ${made.origin}`,
    ...(made.earlier === null ? [] : [`it grew from the head over ${counted(made.earlier.size, 'leaf', 'leaves')}`]),
  ]
  return [
    paint(style, 'green', `The ${type} ${id} is leaf ${made.index} of the ledger.`),
    ...layParts(parts, style),
    'Checked here. To check it elsewhere, without upkeep:',
    `  upkeep proof ${id} --json > proof.json`,
    '  node upkeep-verify-proof.mjs proof.json',
    '',
  ].join('\n')
}
