import { ago, stampOf } from '@upkeep/domain/distance'
import type { DutyStanding, ReportModel } from '../report-model.ts'
import { anchor, type Markup, markup } from './markup.ts'
import { statusWord } from './words.ts'

/** What this installation took on, when each was last done, and what it did not take on. */
export function dutiesSection(model: ReportModel): Markup {
  return markup`<section id="duties" aria-labelledby="duties-title"><h2 id="duties-title">Duties</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Adopted duties"><table class="duties"><thead><tr><th scope="col">Duty</th><th scope="col">How often</th><th scope="col">Last done</th><th scope="col" class="num">Fail</th><th scope="col" class="num">Unknown</th><th scope="col" class="num">Pass</th></tr></thead>
<tbody>${model.standings.map((standing) => dutyRow(model, standing))}</tbody></table></div>
${notAdopted(model)}</section>`
}

function dutyRow(model: ReportModel, { duty, latest, failedSince }: DutyStanding): Markup {
  const done =
    latest === null
      ? markup`${statusWord('unknown', ': never')}`
      : markup`<a href="#${anchor('run', latest.id)}">${ago(latest.startedAt, model.at)}</a><br><span class="meta">${stampOf(latest.startedAt)}</span>`
  const failed =
    failedSince === null ? null : markup`<br>${statusWord('unknown', `: a later run ${failedSince.outcome}`)}`
  const counts = latest?.counts
  return markup`<tr><td data-name="Duty"><strong>${duty.title}</strong><br><span class="meta">${duty.summary}</span></td><td data-name="How often">${duty.cadence}</td>
<td data-name="Last done">${done}${failed}</td><td class="num" data-name="Fail">${counts?.fail ?? '–'}</td>
<td class="num" data-name="Unknown">${counts?.unknown ?? '–'}</td><td class="num" data-name="Pass">${counts?.pass ?? '–'}</td></tr>`
}

function notAdopted(model: ReportModel): Markup | null {
  if (model.notAdopted.length === 0) return null
  return markup`<details><summary>${model.notAdopted.length} not adopted (profile ${model.profile})</summary>
<ul class="plain">${model.notAdopted.map((duty) => markup`<li>${duty.title} <span class="meta">${duty.cadence}; ${duty.summary}</span></li>`)}</ul></details>`
}
