import type { Run } from '@upkeep/contract/run'
import type { Instant } from '@upkeep/contract/time'
import type { Verdict, VerdictWord } from '@upkeep/contract/verdict'
import { StoredObservation } from '../store/stored-observations.ts'
import { type AskablePiece, askableOf } from './askable-pieces.ts'
import { coverageOf } from './coverage.ts'
import { type CoverageKind, pieceOf } from './coverage-pieces.ts'
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
  /** What these runs saw that a person may be asked about: the newest of each kind and subject, of equal ones the first. */
  askable(source: ReportSource, runs: readonly Run[]): Promise<AskablePiece[]>
}

const perRead = 500

export function keptParts(): KeptParts {
  const pieces = keptPieces(pieceOf)
  const askables = keptPieces(askableOf)
  const askable = latest<AskablePiece[]>()
  const coverage = latest<Coverage>()
  const judged = new Map<string, ReturnType<typeof latest<JudgedRun>>>()
  return {
    coverage: (source, newest, observedAt) => {
      const seen = [...newest].map(([kind, run]) => [kind, run.observations])
      return coverage(JSON.stringify([observedAt, seen]), async () =>
        coverageOf(await pieces(source, await digestsOf(source, newest)), observedAt),
      )
    },
    judged: (source, run) => {
      const ofDuty = judged.get(run.duty) ?? latest<JudgedRun>()
      judged.set(run.duty, ofDuty)
      return ofDuty(run.verdicts ?? '', () => judgedRun(source, run))
    },
    askable: (source, runs) => {
      const seen = runs.map(({ startedAt, observations }) => [startedAt, observations])
      return askable(JSON.stringify(seen), async () => askables(source, await newestDigests(source, runs)))
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

/** Reads what is drawn of observations, of each once; those that no run names any longer are let go of. */
function keptPieces<Piece>(
  draw: (observation: StoredObservation) => Piece | null,
): (source: ReportSource, digests: readonly string[]) => Promise<Piece[]> {
  let kept: ReadonlyMap<string, Piece | null> = new Map()
  return async (source, digests) => {
    const pieces = new Map<string, Piece | null>(digests.map((digest) => [digest, kept.get(digest) ?? null]))
    // Where bytes are missing there is no piece: `verify` names it, a report cannot show it.
    const missing = [...pieces.keys()].filter((digest) => !kept.has(digest))
    for (let from = 0; from < missing.length; from += perRead) {
      const texts = await source.objects.getMany(missing.slice(from, from + perRead))
      for (const [digest, text] of texts) pieces.set(digest, drawnOf(text, draw))
    }
    kept = pieces
    return [...pieces.values()].filter((piece) => piece !== null)
  }
}

function drawnOf<Piece>(text: string, draw: (observation: StoredObservation) => Piece | null): Piece | null {
  const parsed = StoredObservation.safeParse(JSON.parse(text))
  return parsed.success ? draw(parsed.data) : null
}

/** What stands for each kind and subject, by its digest. */
async function newestDigests(source: ReportSource, runs: readonly Run[]): Promise<string[]> {
  const newest = new Map<string, { at: string; digest: string }>()
  for (const run of runs) {
    for (const { kind, subject, observation } of await readManifest(source, run)) {
      const key = `${kind} ${subject.id}`
      const other = newest.get(key)
      if (other === undefined || other.at < run.startedAt) newest.set(key, { at: run.startedAt, digest: observation })
    }
  }
  return [...newest.values()].map(({ digest }) => digest)
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
