import type { CoveredServer, ReportModel } from '../report-model.ts'
import { type Markup, markup, pathText } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxServers = 500

/** Every server that was seen, by name, with the strongest thing known of it. */
export function serversSection({ coverage }: ReportModel): Markup {
  const shown = [...coverage.servers].sort(byName).slice(0, maxServers)
  return markup`<section id="servers" aria-labelledby="servers-title"><h2 id="servers-title">Servers</h2>
<p class="meta">Declared: the configuration names it. Resolved: the bytes on disk are known. Observed: it was connected to. Proven: a probe tried its controls. Each counts once, at the strongest.</p>
${shown.length === 0 ? markup`<p>None. Where it was looked: <code>upkeep doctor</code></p>` : serverTable(shown)}
${leftOut(coverage.servers.length, shown.length, 'servers', 'upkeep servers')}</section>`
}

function byName(one: CoveredServer, other: CoveredServer): number {
  const [a, b] = [one, other].map((server) => `${server.subject.name}\u0000${server.client}\u0000${server.path}`)
  if (a === b) return 0
  return (a ?? '') < (b ?? '') ? -1 : 1
}

function serverTable(servers: readonly CoveredServer[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Servers"><table class="servers">
<thead><tr><th scope="col">Server</th><th scope="col">Client</th><th scope="col">Known</th><th scope="col">Version that runs</th><th scope="col">Launches</th><th scope="col">File</th></tr></thead>
<tbody>${servers.map(serverRow)}</tbody></table></div>`
}

function serverRow(server: CoveredServer): Markup {
  return markup`<tr><td data-name="Server"><strong>${server.subject.name}</strong>${server.disabled ? ' (disabled)' : ''}</td>
<td data-name="Client">${server.client}</td><td data-name="Known">${server.strength}</td>
<td class="version" data-name="Version that runs">${versionOf(server)}</td>
<td data-name="Launches">${pathText(server.launches)}</td><td data-name="File">${pathText(server.path)}</td></tr>`
}

function versionOf({ version, digest, why }: CoveredServer): Markup {
  if (version === null) return markup`${statusWord('unknown')}${why === '' ? '' : markup` ${why}`}`
  return digest === null ? markup`${version}` : markup`${version}<br><span class="mono">${digest.slice(0, 12)}</span>`
}
