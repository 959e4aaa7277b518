import { fewOf } from '../advisory-words.ts'
import type { ReportModel, UnknownGroup } from '../report-model.ts'
import { endingCommand, reasonHead, subjectsWords } from '../words.ts'
import { long, type Markup, markup } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxGroups = 200
const maxNames = 20

/** What could not be judged, by reason: as loud as what is wrong. */
export function unknownSection(model: ReportModel): Markup {
  const shown = model.unknowns.slice(0, maxGroups)
  const body = shown.length === 0 ? nothingUnknown(model) : shown.map(groupCard)
  return markup`<section id="unknown" aria-labelledby="unknown-title"><h2 id="unknown-title">Unknown</h2>
${shown.length === 0 ? null : markup`<p class="meta">What could not be judged, by reason, widest first. It counts as little as a fail does: nothing here is known to be right.</p>`}
${body}${leftOut(model.unknowns.length, shown.length, 'reasons', 'upkeep findings --unknown')}</section>`
}

function nothingUnknown({ coverage }: ReportModel): Markup {
  return coverage.servers.length === 0
    ? markup`<p>No server, so nothing to judge.</p>`
    : markup`<p>Everything that was due could be judged.</p>`
}

function groupCard(group: UnknownGroup): Markup {
  const head = reasonHead(group.reason)
  const rest = group.reason.slice(head.length).replace(/^[:;] /, '')
  const command = endingCommand(group.reason)
  return markup`<article class="card unknown"><p class="badges">${statusWord('unknown')} <span class="meta">${group.duties.join(', ')}</span></p>
<h3>${long(head, 600)}</h3>
${rest === '' ? null : markup`<p>${long(rest, 600)}</p>`}
<p>${forWhom(group)}</p>
${command === undefined ? null : markup`<p class="do"><strong>Do</strong> <code>${command}</code></p>`}</article>`
}

/** A name that several servers have is said once, with how many have it. */
function forWhom({ subjects }: UnknownGroup): string {
  const counts = new Map<string, number>()
  for (const { name } of subjects) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = [...counts].sort(([one], [other]) => (one < other ? -1 : 1))
  const shown = names.map(([name, count]) => (count === 1 ? name : `${name} (${count})`))
  return subjects.length === 1 ? `For ${shown[0]}` : `For ${subjectsWords(subjects)}: ${fewOf(shown, maxNames)}`
}
