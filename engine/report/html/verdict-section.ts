import { ago } from '@upkeep/domain/distance'
import type { ReportModel, VerdictSource } from '../report-model.ts'
import { type Evidence, verdictLink } from './evidence.ts'
import { type Markup, markup } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxPasses = 300

/** What was shown to be right, and what showed it. */
export function passSection(model: ReportModel, evidence: Evidence): Markup {
  const passed = model.verdicts.filter((one) => one.verdict.verdict === 'pass')
  const shown = passed.slice(0, maxPasses)
  const body =
    shown.length === 0
      ? markup`<p>Nothing was shown to be right.</p>`
      : markup`<div class="scroll" tabindex="0" role="region" aria-label="Passed verdicts"><table><thead><tr><th scope="col">Verdict</th><th scope="col">Subject</th><th scope="col">Duty</th><th scope="col">Proven by</th><th scope="col">When</th></tr></thead>
<tbody>${shown.map((one) => passRow(model, evidence, one))}</tbody></table></div>`
  return markup`<section id="passed" aria-labelledby="passed-title"><h2 id="passed-title">Passed</h2>
${body}${leftOut(passed.length, shown.length, 'passed verdicts', 'upkeep status --verbose')}</section>`
}

function passRow(model: ReportModel, evidence: Evidence, source: VerdictSource): Markup {
  const { verdict } = source
  const run = model.runs.find((one) => one.run.id === source.run)?.run
  const subject = verdictLink(evidence, source.duty, verdict.subject.id, verdict.subject.name)
  const notCovered =
    verdict.notCovered.length === 0
      ? null
      : markup`<br><span class="meta">Not covered: ${verdict.notCovered.join('; ')}</span>`
  return markup`<tr><td data-name="Verdict">${statusWord('pass')}</td><td data-name="Subject">${subject}</td>
<td data-name="Duty">${source.duty}</td><td class="proof" data-name="Proven by">${verdict.passes.join('; ')}${notCovered}</td>
<td data-name="When">${run === undefined ? '' : ago(run.startedAt, model.at)}</td></tr>`
}
