import { mkdir, open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import type { ChangeDocument } from '@upkeep/contract/change-document'
import { digestOf } from '@upkeep/domain/canonical-json'
import { printableJson } from '@upkeep/domain/printable-json'
import { exportPack } from '@upkeep/engine/evidence/export-pack'
import { counted, plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import writeFileAtomic from 'write-file-atomic'
import { allDocuments, writeDocument } from './change-documents.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'

export interface SampleAsked {
  sample: number
  seed: number
  from?: string | undefined
  to?: string | undefined
  out?: string | undefined
}

/**
 * What an auditor draws: every change of a time as a list, some of them by a seed, and the evidence that the whole rests on. Who knows the seed
 * draws the same again, and who takes one away is found out by the list.
 */
export async function sampleAnswer(context: Context, asked: SampleAsked) {
  if (asked.out === undefined)
    throw new UserError('bad-input', 'Into which folder?', 'upkeep changes --sample 25 --seed 1 --out <folder>')
  const folder = resolve(context.machine.cwd, asked.out)
  const population = (await allDocuments(context)).filter((one) => isWithin(dayOf(one), asked))
  const drawn = drawSample(population, asked)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const document of drawn) await writeDocument(folder, document, ['json', 'md'])
  await writeFileAtomic(join(folder, 'population.json'), listText(population, drawn, asked), { mode: 0o600 })
  await writeEvidence(context, join(folder, 'evidence.json'))
  const gaps = drawn.filter((document) => document.gaps.length > 0).length
  return {
    output: { changes: [], documents: drawn, sheet: null },
    text: (style: TerminalStyle) =>
      `${drawn.length} of ${counted(population.length, 'change')} in ${plain(style, folder, 1_000)}, by the seed ${asked.seed}; ${gaps === 0 ? 'each is complete' : `${gaps} not complete`}.\nCheck the evidence anywhere: node upkeep-verify.mjs evidence.json\n`,
  }
}

/** The first so many by the SHA-256 of seed and id: nobody can choose which, and everybody can draw them again. */
function drawSample(population: readonly ChangeDocument[], { sample, seed }: SampleAsked): ChangeDocument[] {
  const ranked = population.map((document) => ({ document, rank: digestOf({ id: document.id, seed }) }))
  return ranked
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, sample)
    .map(({ document }) => document)
}

function dayOf(document: ChangeDocument): string {
  return (document.of === 'managed' ? document.when.proposed : document.when.firstSeen).slice(0, 10)
}

function isWithin(day: string, { from, to }: SampleAsked): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to)
}

function listText(population: readonly ChangeDocument[], drawn: readonly ChangeDocument[], asked: SampleAsked): string {
  const { seed, from = null, to = null } = asked
  return `${printableJson({
    format: 'upkeep-change-sample/1',
    ...{ seed, from, to },
    method: 'the first by SHA-256 of the canonical JSON of {"id", "seed"}',
    population: population.map((one) => ({ id: one.id, of: one.of, day: dayOf(one), title: one.what.title })),
    sample: drawn.map(({ id }) => id),
  })}\n`
}

async function writeEvidence(context: Context, path: string): Promise<void> {
  const handle = await open(path, 'w', 0o600)
  try {
    await exportPack(await requireStore(context), { exportedAt: context.clock.now() }, async (piece) => {
      await handle.write(piece)
    })
  } finally {
    await handle.close()
  }
}
