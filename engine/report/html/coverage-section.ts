import type { CoveredServer, ReportModel } from '../report-model.ts'
import { type Markup, markup } from './markup.ts'
import { leftOut } from './words.ts'

const maxServers = 500
const maxFiles = 100

/** What was looked at, and what could not be: the first thing to read. */
export function coverageSection(model: ReportModel): Markup {
  const { coverage } = model
  const shown = coverage.servers.slice(0, maxServers)
  return markup`<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage</h2>
<dl class="tiles">
${tile('Servers', coverage.servers.length)}${tile('Declared', coverage.strengths.declared)}${tile('Resolved', coverage.strengths.resolved)}
${tile('Observed', coverage.strengths.observed)}${tile('Proven', coverage.strengths.proven)}${tile('Files not read', coverage.unreadable.length)}
</dl>
<p class="meta">Declared: the configuration names it. Resolved: the bytes on disk are known. Observed: it was connected to. Proven: a probe tried its controls. Each server counts once, at the strongest.</p>
${shown.length === 0 ? markup`<p>No server was found. Where it was looked for: <code>upkeep doctor</code></p>` : serverTable(shown)}
${leftOut(coverage.servers.length, shown.length, 'servers', 'upkeep servers')}
${unreadable(model)}
${problems(model)}
</section>`
}

function tile(name: string, value: number): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function serverTable(servers: readonly CoveredServer[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Servers"><table>
<thead><tr><th scope="col">Server</th><th scope="col">Client</th><th scope="col">Known</th><th scope="col">Launches</th><th scope="col">Version that runs</th><th scope="col">File</th></tr></thead>
<tbody>${servers.map(serverRow)}</tbody></table></div>`
}

function serverRow(server: CoveredServer): Markup {
  const version = server.version ?? `not known${server.why === '' ? '' : `: ${server.why}`}`
  const digest = server.digest === null ? null : markup`<br><span class="mono">${server.digest.slice(0, 16)}</span>`
  return markup`<tr><td data-name="Server"><strong>${server.subject.name}</strong>${server.disabled ? ' (disabled)' : ''}</td>
<td class="tight" data-name="Client">${server.client}</td><td class="tight" data-name="Known">${server.strength}</td>
<td data-name="Launches"><span class="mono">${server.launches}</span></td><td data-name="Version that runs">${version}${digest}</td>
<td data-name="File"><span class="mono">${server.path}</span></td></tr>`
}

function unreadable(model: ReportModel): Markup | null {
  const files = model.coverage.unreadable
  if (files.length === 0) return null
  const shown = files.slice(0, maxFiles)
  return markup`<div class="card unknown"><h3>${files.length} configuration ${files.length === 1 ? 'file' : 'files'} could not be read</h3>
<ul class="plain">${shown.map((one) => markup`<li><span class="mono">${one.subject.id.replace(/^file:/, '')}</span>: ${one.reason} (${one.code})</li>`)}</ul>
${leftOut(files.length, shown.length, 'files', 'upkeep doctor')}</div>`
}

function problems(model: ReportModel): Markup | null {
  const all = model.coverage.problems
  if (all.length === 0) return null
  const shown = all.slice(0, maxFiles)
  return markup`<div class="card unknown"><h3>${all.length} ${all.length === 1 ? 'entry' : 'entries'} could not be understood</h3>
<ul class="plain">${shown.map((one) => markup`<li><span class="mono">${one.path}</span>, ${one.at}: ${one.problem}</li>`)}</ul>
${leftOut(all.length, shown.length, 'entries', 'upkeep doctor')}</div>`
}
