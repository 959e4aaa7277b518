import type { ObservationSource, ReportModel, VerdictSource } from '../report-model.ts'
import { anchor, type Markup, markup } from './markup.ts'

const maxVerdicts = 500
const maxObservations = 600

export interface ShownObservation {
  observation: ObservationSource
  run: string
}

/** What of the evidence stands in this page, so that no link leads to what was left out. */
export interface Evidence {
  verdicts: ReadonlyMap<string, VerdictSource>
  observations: ReadonlyMap<string, ShownObservation>
  /** Distinct observations of the shown verdicts, those that are left out too. */
  observationCount: number
  ledgerIndexOfRun: ReadonlyMap<string, number | null>
}

/** Chooses what of the evidence the page holds. */
export function evidenceOf(model: ReportModel): Evidence {
  const shown = model.verdicts.slice(0, maxVerdicts)
  const distinct = new Map<string, ShownObservation>()
  for (const { observations, run } of shown) {
    for (const observation of observations) {
      if (!distinct.has(observation.digest)) distinct.set(observation.digest, { observation, run })
    }
  }
  return {
    verdicts: new Map(shown.map((one) => [verdictKey(one.duty, one.verdict.subject.id), one])),
    observations: new Map([...distinct].slice(0, maxObservations)),
    observationCount: distinct.size,
    ledgerIndexOfRun: new Map(model.runs.map((one) => [one.run.id, one.ledgerIndex])),
  }
}

function verdictKey(duty: string, subjectId: string): string {
  return `${duty}/${subjectId}`
}

/** The id of a verdict's place in the page. */
export function verdictAnchor(duty: string, subjectId: string): string {
  return anchor('verdict', verdictKey(duty, subjectId))
}

/** A verdict's name as a link, or as text where the page does not hold it. */
export function verdictLink(evidence: Evidence, duty: string, subjectId: string, text: string): Markup {
  if (!evidence.verdicts.has(verdictKey(duty, subjectId))) return markup`${text}`
  return markup`<a href="#${verdictAnchor(duty, subjectId)}">${text}</a>`
}

/** The way from one thing to what it rests on: verdict, observations, run, ledger entry. */
export function chainLinks(evidence: Evidence, duty: string, subjectId: string): Markup {
  const source = evidence.verdicts.get(verdictKey(duty, subjectId))
  if (source === undefined) return markup`its verdict is left out here: <code>upkeep status --json</code>`
  const steps = [
    verdictLink(evidence, duty, subjectId, 'verdict'),
    ...source.observations.map((one) => observationLink(evidence, one)),
    runLink(evidence, source.run),
  ]
  return markup`${steps.map((step, index) => (index === 0 ? step : markup` <span aria-hidden="true">›</span> ${step}`))}`
}

/** An observation's name as a link, or as text where the page does not hold it. */
export function observationLink(evidence: Evidence, one: ObservationSource): Markup {
  const name = markup`${one.kind} <code>${one.digest.slice(0, 12)}</code>`
  return evidence.observations.has(one.digest)
    ? markup`<a href="#${anchor('observation', one.digest)}">${name}</a>`
    : name
}

function runLink(evidence: Evidence, run: string): Markup {
  const index = evidence.ledgerIndexOfRun.get(run)
  if (index === undefined) return markup`run ${run}`
  const place = index === null ? 'not in the ledger' : `ledger entry ${index}`
  return markup`<a href="#${anchor('run', run)}">run</a>, ${place}`
}
