import { ago, stampOf } from '@upkeep/domain/distance'
import type { ObservationSource, ReportModel, RunSource, VerdictSource } from '../report-model.ts'
import { type Evidence, observationLink, type ShownObservation, verdictAnchor } from './evidence.ts'
import { anchor, long, type Markup, markup } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxBodyLength = 3_000

/** The chain behind every fact: verdict, findings, observations, run, ledger entry. */
export function sourcesSection(model: ReportModel, evidence: Evidence): Markup {
  const verdicts = [...evidence.verdicts.values()]
  const observations = [...evidence.observations.values()]
  return markup`<section id="sources" aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>
<p>Each verdict names what it rests on. An observation is named by the SHA-256 of its bytes; the run that made it is sealed in the ledger.</p>
<h3>Verdicts</h3>${verdicts.map((one) => verdictBlock(model, evidence, one))}${leftOut(model.verdicts.length, verdicts.length, 'verdicts', 'upkeep status --json')}
<h3>Observations</h3>${observations.map((one) => observationBlock(model, one))}${leftOut(evidence.observationCount, observations.length, 'observations', 'upkeep evidence export')}
<h3>Runs</h3>${model.runs.map((run) => runBlock(model, run))}</section>`
}

function verdictBlock(
  model: ReportModel,
  evidence: Evidence,
  { duty, run, verdict, observations }: VerdictSource,
): Markup {
  const findings = verdict.findings.map(
    (print) => markup`<li><a href="#${anchor('finding', print)}">finding <code>${print.slice(0, 16)}</code></a></li>`,
  )
  const lines = [
    ...verdict.unknowns.map((text) => markup`<li>unknown: ${long(text, 600)}</li>`),
    ...verdict.passes.map((text) => markup`<li>shown: ${long(text, 600)}</li>`),
    ...(verdict.notApplicable === null ? [] : [markup`<li>not applicable: ${long(verdict.notApplicable, 600)}</li>`]),
    ...verdict.notCovered.map((text) => markup`<li>not covered: ${long(text, 600)}</li>`),
  ]
  const place = model.runs.find((one) => one.run.id === run)
  return markup`<details><summary>${statusWord(verdict.verdict)} ${verdict.subject.name} <span class="meta">${duty}</span></summary>
<div id="${verdictAnchor(duty, verdict.subject.id)}"><p class="mono">${verdict.subject.id}</p><ul class="plain">${findings}${lines}</ul>
<ul class="plain">${observations.map((one) => markup`<li>${observationLink(evidence, one)} <span class="meta">${one.subject.name}</span></li>`)}</ul>
<p class="meta">Drawn by <a href="#${anchor('run', run)}">run ${run}</a>${placeWords(place)}</p></div></details>`
}

function placeWords(source: RunSource | undefined): string {
  return source === undefined || source.ledgerIndex === null ? '' : `, ledger entry ${source.ledgerIndex}`
}

function observationBlock(model: ReportModel, { observation, run }: ShownObservation): Markup {
  const at = model.runs.find((one) => one.run.id === run)?.run.startedAt
  const collectors = observation.collectors.length === 0 ? 'not recorded' : observation.collectors.join(', ')
  const body =
    observation.body === null
      ? markup`<p class="meta">Its bytes are left out here. See them: <code>upkeep show ${observation.digest.slice(0, 16)}</code></p>`
      : markup`<pre>${long(observation.body, maxBodyLength)}</pre>${wholeBody(observation, observation.body)}`
  return markup`<details><summary>${observation.kind} <span class="meta">${observation.subject.name}, ${observation.state ?? 'state not read'}</span></summary>
<div id="${anchor('observation', observation.digest)}"><dl class="facts"><dt>Digest</dt><dd><code>${observation.digest}</code></dd><dt>Subject</dt><dd class="mono">${observation.subject.id}</dd>
<dt>Known as</dt><dd>${observation.strength ?? 'unknown kind'}</dd><dt>Collector</dt><dd>${collectors}</dd>
<dt>Seen</dt><dd>${at === undefined ? '' : `${stampOf(at)}, ${ago(at, model.at)}`} in <a href="#${anchor('run', run)}">run ${run}</a></dd></dl>${body}</div></details>`
}

function wholeBody(observation: ObservationSource, body: string): Markup | null {
  if (body.length <= maxBodyLength) return null
  return markup`<p class="meta">All of it: <code>upkeep show ${observation.digest.slice(0, 16)}</code></p>`
}

function runBlock(model: ReportModel, { run, ledgerIndex }: RunSource): Markup {
  return markup`<details><summary>${run.duty} <span class="meta">${stampOf(run.startedAt)}, ${ago(run.startedAt, model.at)}</span></summary>
<div id="${anchor('run', run.id)}"><dl class="facts"><dt>Run</dt><dd><code>${run.id}</code></dd><dt>Duty</dt><dd>${run.duty}, version ${run.dutyVersion}</dd>
<dt>Why then</dt><dd>${run.reason}</dd><dt>Clock</dt><dd>${run.clock}</dd><dt>Observations</dt><dd><code>${run.observations ?? 'none'}</code></dd>
<dt>Verdicts</dt><dd><code>${run.verdicts ?? 'none'}</code></dd><dt>Sealed as</dt><dd>${ledgerIndex === null ? 'not in the ledger' : `ledger entry ${ledgerIndex}`}</dd></dl></div></details>`
}
