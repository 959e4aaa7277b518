import type { Run } from '@upkeep/contract/run'
import type { Instant } from '@upkeep/contract/time'
import type { Verdict, VerdictWord } from '@upkeep/contract/verdict'
import { StoredObservation } from '../store/stored-observations.ts'
import { coverageOf } from './coverage.ts'
import { type CoverageKind, type CoveragePiece, pieceOf } from './coverage-pieces.ts'
import { readManifest, readVerdicts } from './read-observations.ts'
import type { Coverage } from './report-model.ts'
import type { ReportSource } from './source.ts'

/** What a run concluded, without what it concluded it from. */
export interface JudgedRun {
  readonly counts: Readonly<Record<VerdictWord, number>>
  /** Each verdict that left something unjudged. */
  readonly unjudged: readonly { readonly duty: string; readonly verdict: Unjudged }[]
}

export type Unjudged = Pick<Verdict, 'verdict' | 'subject' | 'unknowns'>

/** For each kind of observation the run that says what was seen of it. */
export type NewestRuns = ReadonlyMap<CoverageKind, Run>

/**
 * What was drawn of stored objects, for whoever draws reports again and again. Objects are named by their bytes, so that what was drawn of
 * one stays true: after a round only what it saw anew is read.
 */
export interface KeptParts {
  coverage(source: ReportSource, newest: NewestRuns, observedAt: Instant | null): Promise<Coverage>
  judged(source: ReportSource, run: Run): Promise<JudgedRun>
}

const perRead = 500

export function keptParts(): KeptParts {
  const pieces = keptPieces()
  const coverage = latest<Coverage>()
  const judged = new Map<string, ReturnType<typeof latest<JudgedRun>>>()
  return {
    coverage: (source, newest, observedAt) => {
      const seen = [...newest].map(([kind, run]) => [kind, run.observations])
      return coverage(JSON.stringify([observedAt, seen]), async () =>
        coverageOf(await pieces(source, newest), observedAt),
      )
    },
    judged: (source, run) => {
      const ofDuty = judged.get(run.duty) ?? latest<JudgedRun>()
      judged.set(run.duty, ofDuty)
      return ofDuty(run.verdicts ?? '', () => judgedRun(source, run))
    },
  }
}

/** Keeps what was drawn last; what failed is drawn again. */
function latest<Part>(): (key: string, draw: () => Promise<Part>) => Promise<Part> {
  let kept: { key: string; part: Promise<Part> } | null = null
  return (key, draw) => {
    if (kept?.key === key) return kept.part
    const mine = { key, part: draw() }
    kept = mine
    mine.part.catch(() => {
      if (kept === mine) kept = null
    })
    return mine.part
  }
}

/** Reads the pieces of coverage, each once; those that no run names any longer are let go of. */
function keptPieces(): (source: ReportSource, newest: NewestRuns) => Promise<CoveragePiece[]> {
  let kept: ReadonlyMap<string, CoveragePiece | null> = new Map()
  return async (source, newest) => {
    const digests = await digestsOf(source, newest)
    const pieces = new Map(digests.map((digest) => [digest, kept.get(digest)]))
    const missing = digests.filter((digest) => pieces.get(digest) === undefined)
    // Where bytes are missing there is no piece: `verify` names it, a report cannot show it.
    for (const digest of missing) pieces.set(digest, null)
    for (let from = 0; from < missing.length; from += perRead) {
      const texts = await source.objects.getMany(missing.slice(from, from + perRead))
      for (const [digest, text] of texts) pieces.set(digest, readPiece(text))
    }
    kept = new Map([...pieces].map(([digest, piece]) => [digest, piece ?? null]))
    return [...kept.values()].filter((piece) => piece !== null)
  }
}

function readPiece(text: string): CoveragePiece | null {
  const parsed = StoredObservation.safeParse(JSON.parse(text))
  return parsed.success ? pieceOf(parsed.data) : null
}

/** The observations that count, each once, kind by kind in the order of their manifests. */
async function digestsOf(source: ReportSource, newest: NewestRuns): Promise<string[]> {
  const manifests = new Map<string, Map<string, string[]>>()
  const digests = new Set<string>()
  for (const [kind, run] of newest) {
    const name = run.observations ?? ''
    const byKind = manifests.get(name) ?? new Map<string, string[]>()
    if (!manifests.has(name)) {
      for (const entry of await readManifest(source, run)) {
        const known = byKind.get(entry.kind)
        if (known === undefined) byKind.set(entry.kind, [entry.observation])
        else known.push(entry.observation)
      }
      manifests.set(name, byKind)
    }
    for (const digest of byKind.get(kind) ?? []) digests.add(digest)
  }
  return [...digests]
}

async function judgedRun(source: ReportSource, run: Run): Promise<JudgedRun> {
  const counts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 }
  const unjudged: JudgedRun['unjudged'][number][] = []
  for (const { verdict, subject, unknowns } of await readVerdicts(source, run)) {
    counts[verdict] += 1
    if (unknowns.length > 0) unjudged.push({ duty: run.duty, verdict: { verdict, subject, unknowns } })
  }
  return { counts, unjudged }
}
