import type { ReportModel, UnknownGroup } from '../report-model.ts'
import { long, type Markup, markup } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxGroups = 200
const maxNames = 20

/** What could not be judged, by reason: as loud as what is wrong. */
export function unknownSection(model: ReportModel): Markup {
  const shown = model.unknowns.slice(0, maxGroups)
  const body = shown.length === 0 ? markup`<p>Everything that was due could be judged.</p>` : shown.map(groupCard)
  return markup`<section id="unknown" aria-labelledby="unknown-title"><h2 id="unknown-title">Unknown</h2>
${body}${leftOut(model.unknowns.length, shown.length, 'reasons', 'upkeep findings --unknown')}</section>`
}

function groupCard(group: UnknownGroup): Markup {
  const names = group.subjects.slice(0, maxNames).map((subject) => subject.name)
  const others = group.subjects.length - names.length
  return markup`<article class="card unknown"><p>${statusWord('unknown')}</p><h3>${long(group.reason, 600)}</h3>
<p>For ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}</p>
<p class="meta">${group.duties.join(', ')}</p></article>`
}
