import type { Finding, Observation, ObservationManifest, Run, Subject, Verdict, VerdictWord } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { assessRun } from './assess/assess-run.ts'
import { ageFindings } from './assess/finding-life.ts'
import { newId } from './kernel/ids.ts'
import { indexObservations } from './kernel/observation-index.ts'
import { sha256 } from './kernel/sha256.ts'
import type { PlannedRun, RoundContext } from './round.ts'

/** Everything that one round learned, ready to be stored and sealed at once. */
export interface RoundRecords {
  runs: Run[]
  findings: Finding[]
  /** Canonical texts of observations, manifests and verdict sets. */
  objects: string[]
  /** What was seen, by the digest under which it is among the objects. */
  observed: Map<string, Observation>
}

/** Judges what was collected, one run per duty, and turns it into records. */
export function roundRecords(
  round: RoundContext,
  observations: readonly Observation[],
  earlier: readonly Finding[],
  looked: { from: string; until: string; lookedFor: (subject: Subject) => boolean },
): RoundRecords {
  const objects = new Map<string, string>()
  const keep = keeper(objects)
  const records: RoundRecords = { runs: [], findings: [], objects: [], observed: new Map() }
  for (const planned of round.duties) {
    const mine = relevantTo(planned, observations)
    for (const observation of mine) records.observed.set(keep(observation), observation)
    const assessment = assessRun(planned.duty, indexObservations(mine), planned.params, looked.from)
    const id = newId(looked.until)
    const steps = ageFindings({
      run: id,
      at: looked.until,
      earlier: earlier.filter((finding) => finding.statement.duty === planned.duty.id),
      assessment: { ...assessment, subjects: new Set(assessment.verdicts.map((verdict) => verdict.subject.id)) },
      lookedFor: looked.lookedFor,
    })
    records.findings.push(...steps.records)
    records.runs.push({
      ...runHead(round, planned, id),
      outcome: assessment.defects.length > 0 ? 'failed' : 'completed',
      detail: detailOf(planned, assessment.defects),
      startedAt: looked.from,
      endedAt: looked.until,
      observations: keep(manifestOf(mine, keep)),
      verdicts: keep(sorted(assessment.verdicts)),
      counts: { ...countVerdicts(assessment.verdicts), opened: steps.opened, resolved: steps.resolved },
    })
  }
  records.objects = [...objects.values()]
  return records
}

function detailOf(planned: PlannedRun, defects: readonly string[]): string {
  const failed = defects.length > 0 ? [`defect: ${[...new Set(defects)].join(', ')}`] : []
  return [...failed, ...(planned.note === '' ? [] : [planned.note])].join('; ')
}

/** The part of a run's record that is known before it starts. */
function runHead(round: RoundContext, planned: PlannedRun, id: string) {
  return {
    id,
    round: round.id,
    duty: planned.duty.id,
    dutyVersion: planned.duty.version,
    cadence: planned.cadence,
    reason: planned.reason,
    missedPeriods: 0,
    clock: round.clock.kind,
    practice: round.practice,
    collectors: versionsOf(round),
    params: planned.params,
  }
}

function versionsOf(round: RoundContext): Record<string, number> {
  const units = [...round.catalog.collectors, ...round.catalog.probes, ...round.catalog.serverProbes]
  return Object.fromEntries(units.map((unit) => [unit.id, unit.version]))
}

/** What a duty is judged from: the kinds it declares, and the files and servers that say whom it is about. */
function relevantTo(planned: PlannedRun, observations: readonly Observation[]): Observation[] {
  const kinds = new Set<string>(Object.values(planned.duty.needs).map((need) => need.kind))
  if (planned.duty.scope === 'server')
    for (const kind of ['client-config', 'declared-server', 'approved-server']) kinds.add(kind)
  return observations.filter((observation) => kinds.has(observation.kind))
}

type Keep = (value: object) => string

/** Each value is put in canonical form once, however many duties rest on it. */
function keeper(objects: Map<string, string>): Keep {
  const known = new WeakMap<object, string>()
  return (value) => {
    const before = known.get(value)
    if (before !== undefined) return before
    const text = canonicalJson(value)
    const digest = sha256(text)
    objects.set(digest, text)
    known.set(value, digest)
    return digest
  }
}

function manifestOf(observations: readonly Observation[], keep: Keep): ObservationManifest {
  const lines = observations.map((observation) => ({
    kind: observation.kind,
    subject: observation.subject,
    observation: keep(observation),
  }))
  const key = (line: (typeof lines)[number]) => `${line.kind} ${line.subject.id} ${line.observation}`
  return lines.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** Verdicts in the one order in which they are stored and compared. */
function sorted(verdicts: readonly Verdict[]): Verdict[] {
  return [...verdicts].sort((a, b) => (a.subject.id < b.subject.id ? -1 : 1))
}

function countVerdicts(verdicts: readonly Verdict[]): {
  pass: number
  fail: number
  unknown: number
  notApplicable: number
} {
  const count = (word: VerdictWord) => verdicts.filter((verdict) => verdict.verdict === word).length
  return { pass: count('pass'), fail: count('fail'), unknown: count('unknown'), notApplicable: count('not-applicable') }
}
