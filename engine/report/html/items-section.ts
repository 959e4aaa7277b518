import type { ChangeInput } from '@upkeep/contract/change'
import { inputWords } from '@upkeep/domain/changes/input-words'
import { ago, dayOf } from '@upkeep/domain/distance'
import { advisoryWords, fewOf } from '../advisory-words.ts'
import { dueLabel, dueSentence } from '../due-words.ts'
import { counted } from '../paint.ts'
import type { Item, ReportModel } from '../report-model.ts'
import { actionWords, changesWords, closesWords, findingsCommand, namesOf, ownersWords } from '../words.ts'
import type { Evidence } from './evidence.ts'
import { findingBlock } from './finding-block.ts'
import { long, type Markup, markup, pathText } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxItems = 300
const maxFindingsOfItem = 30
const maxChanges = 30

/** What needs a person, grouped by the change that closes it, worst first. */
export function itemsSection(model: ReportModel, evidence: Evidence): Markup {
  const shown = model.items.slice(0, maxItems)
  const body = shown.length === 0 ? nothingOpen(model) : shown.map((item) => itemCard(model, evidence, item))
  return markup`<section id="todo" aria-labelledby="todo-title"><h2 id="todo-title">What to do</h2>
${totalLine(model)}${body}${leftOut(model.items.length, shown.length, 'things to do', 'upkeep findings')}</section>`
}

function totalLine(model: ReportModel): Markup | null {
  if (model.items.length === 0) return null
  const things = counted(model.items.length, 'thing')
  const close = model.items.length === 1 ? 'closes' : 'close'
  const all = model.home === null ? changesWords(model.items) : null
  const summed = all === null ? null : markup` ${all}.`
  return markup`<p class="meta">${things} to do ${close} ${counted(model.totals.findings, 'finding')}. Findings that the same change closes stand together.${summed}</p>`
}

function nothingOpen(model: ReportModel): Markup {
  if (model.coverage.servers.length === 0) return markup`<p>No server, so nothing to do for one.</p>`
  if (model.unknowns.length > 0) {
    return markup`<p>No open finding. That is not all green: <a href="#unknown">${counted(model.unknowns.length, 'reason')}</a> why something could not be judged.</p>`
  }
  return markup`<p>No open finding, and everything that was due could be judged.</p>`
}

function itemCard(model: ReportModel, evidence: Evidence, item: Item): Markup {
  const shown = item.findings.slice(0, maxFindingsOfItem)
  const rests = item.findings.length === 1 ? 'finding, and what it rests on' : 'findings, and what they rest on'
  return markup`<article class="card fail">
<p class="badges">${statusWord('fail', `, ${item.severity}`)} ${dueLine(model, item)}<strong>${closesWords(item)}</strong> <span class="meta">open since ${dayOf(item.firstSeenAt)}, ${ago(item.firstSeenAt, model.at)}</span></p>
<h3>${heading(item)}</h3>
${what(item)}
<p class="do"><strong>Do</strong> ${long(actionWords(item), 1_000)}</p>
${dueWhy(item)}${owners(item)}${limits(item)}
${changeTable(item)}
<details><summary>${item.findings.length} ${rests}</summary>
${shown.map((finding) => findingBlock(model, evidence, finding))}
${leftOut(item.findings.length, shown.length, 'findings', findingsCommand(item))}</details>
</article>`
}

function dueLine(model: ReportModel, item: Item): Markup | null {
  if (item.due === null) return null
  const label = dueLabel(item.due, model.at)
  const words = item.due.at === null ? 'due with the next upgrade' : label.replace(/^(?=\d)/, 'due in ')
  return markup`<strong class="due">${words}</strong> `
}

/** By when, and by which row of which table. */
function dueWhy(item: Item): Markup | null {
  return item.due === null ? null : markup`<p class="meta">${long(dueSentence(item.due), 600)}</p>`
}

function owners(item: Item): Markup | null {
  const words = ownersWords(item)
  return words === null ? null : markup`<p class="meta">${long(words, 400)}</p>`
}

/** The change where there is one: it is what the card is about. */
function heading(item: Item): Markup {
  const [change] = item.changes
  const names = namesOf(item)
  if (change?.kind === 'set-server-version')
    return markup`${names}: set <span class="mono">${change.package}</span> to ${change.to}`
  return markup`${names}: ${item.title}`
}

function what(item: Item): Markup {
  const about = advisoryWords(item)
  if (about === null) return markup`<p>${long(item.summary, 1_000)}</p>`
  return markup`<p><strong>${fewOf(about.ids, 8)}</strong> in ${about.package} ${fewOf(about.versions, 8)}</p>
<blockquote>${long(about.says, 600)}</blockquote>`
}

function limits(item: Item): Markup | null {
  if (item.limits.length === 0) return null
  return markup`<ul class="plain meta">${item.limits.map((limit) => markup`<li>Mind: ${long(limit, 600)}</li>`)}</ul>`
}

/** Where the change would be made. Nothing is changed by this page. */
function changeTable(item: Item): Markup | null {
  if (item.changes.length === 0) return null
  const shown = item.changes.slice(0, maxChanges)
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Where the change is made"><table class="changes">
<thead><tr><th scope="col">Server</th><th scope="col">From</th><th scope="col">To</th><th scope="col">File</th></tr></thead>
<tbody>${shown.map(changeRow)}</tbody></table></div>${leftOut(item.changes.length, shown.length, 'places', findingsCommand(item))}`
}

function changeRow(change: ChangeInput): Markup {
  const { of: server, from, to } = inputWords(change)
  return markup`<tr><td data-name="Server"><strong>${server}</strong></td><td class="version" data-name="From">${from}</td>
<td class="version" data-name="To">${to}</td><td data-name="File">${pathText(change.path)}</td></tr>`
}
