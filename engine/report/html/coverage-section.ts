import { counted } from '../paint.ts'
import type { ReportModel } from '../report-model.ts'
import { type Markup, markup, pathText } from './markup.ts'
import { leftOut, type StatusWord, statusShape, statusWord } from './words.ts'

const maxFiles = 100

/** How things stand in five numbers, and what could not be looked at: the first thing to read. */
export function coverageSection(model: ReportModel): Markup {
  const { totals } = model
  return markup`<section id="coverage" aria-label="Coverage">
<ul class="tiles">
${tile('fail', totals.findings, 'Fail', 'todo', model.items.length === 0 ? 'nothing to do' : `${counted(model.items.length, 'thing')} to do`)}
${tile('unknown', model.unknowns.length, 'Unknown', 'unknown', model.unknowns.length === 1 ? 'reason' : 'reasons')}
${tile('accepted', totals.accepted, 'Accepted', 'accepted', 'until a day')}
${tile('pass', totals.pass, 'Pass', 'passed', `of ${counted(model.verdicts.length, 'verdict')}`)}
${tile('not-applicable', totals.notApplicable, 'Not applicable', 'sources', counted(totals.notApplicable, 'verdict'))}
</ul>
${model.coverage.servers.length === 0 ? noServers(model) : null}
${unreadable(model)}
${problems(model)}
</section>`
}

function tile(status: StatusWord, value: number, name: string, to: string, more: string): Markup {
  return markup`<li class="tile ${value === 0 ? 'none' : status}"><a href="#${to}">${statusShape(status)} ${name}</a> <b>${value}</b> <span class="meta">${more}</span></li>`
}

/** Nothing is there to look after: what to try next. */
function noServers({ coverage }: ReportModel): Markup {
  const seen =
    coverage.filesRead === 0
      ? 'No client keeps a configuration file where it was looked, or none could be read.'
      : `No server is named in ${counted(coverage.filesRead, 'configuration file')}.`
  return markup`<div class="card empty"><h2>No server found</h2><p>${seen} That is no proof that there is none.</p>
<dl class="next"><dt><code>upkeep doctor</code></dt><dd>where it was looked, and what was there</dd>
<dt><code>cd a-project &amp;&amp; upkeep scan</code></dt><dd>a project’s own .mcp.json and .vscode/mcp.json</dd>
<dt><code>upkeep --practice</code></dt><dd>four real servers with known faults, in a folder of their own</dd></dl></div>`
}

function unreadable({ coverage }: ReportModel): Markup | null {
  const files = coverage.unreadable
  if (files.length === 0) return null
  const shown = files.slice(0, maxFiles)
  return markup`<div class="card unknown"><p class="badges">${statusWord('unknown')}</p><h2>${counted(files.length, 'file')} could not be read</h2>
<p>What they name was not looked at.</p>
<ul class="plain">${shown.map((one) => markup`<li>${pathText(one.subject.id.replace(/^file:/, ''))}: ${one.reason} (${one.code})</li>`)}</ul>
${leftOut(files.length, shown.length, 'files', 'upkeep doctor')}</div>`
}

function problems({ coverage }: ReportModel): Markup | null {
  const all = coverage.problems
  if (all.length === 0) return null
  const shown = all.slice(0, maxFiles)
  return markup`<div class="card unknown"><p class="badges">${statusWord('unknown')}</p><h2>${counted(all.length, 'entry', 'entries')} could not be understood</h2>
<ul class="plain">${shown.map((one) => markup`<li>${pathText(one.path)}, ${one.at}: ${one.problem}</li>`)}</ul>
${leftOut(all.length, shown.length, 'entries', 'upkeep doctor')}</div>`
}
