import type { ServerState, StatusPageContent } from '@upkeep/domain/notices/status-page'
import { type Markup, markup } from './markup.ts'
import { pageHead } from './page-head.ts'

const maxNames = 20

/** The status page: no script, no request to anywhere, and nothing in it that was not escaped here. The same content gives the same bytes. */
export function statusHtml(content: StatusPageContent, stamps: readonly string[]): string {
  const { title, at, observedAt, state, banner, servers } = content
  const page = markup`${pageHead(`${title}: ${words[state].whole}`)}
<body>
<header>
${stamps.map((stamp) => markup`<p class="stamp">${stamp}</p>`)}
<h1>${title}</h1>
<p class="lead">${mark(state, words[state].whole)}</p>
<p class="meta">As of ${time(at)}. ${observedAt === null ? 'Never looked at.' : markup`Last looked at ${time(observedAt)}.`}</p>
</header>
<main>
${banner.length === 0 ? null : markup`<section aria-labelledby="notices"><h2 id="notices">Maintenance</h2>${banner.map(noticeCard)}</section>`}
<section aria-labelledby="servers"><h2 id="servers">Servers</h2>
${servers.length === 0 ? markup`<p>No server is shown.</p>` : serverTable(servers)}
<p class="meta">Fine: as it was approved, and nothing known against it, by the last look. Not known is not fine.</p>
</section>
</main>
<footer><p>Times are UTC.</p></footer>
</body>
</html>
`
  return page.html
}

const words: Record<ServerState, { whole: string; one: string; sign: string; tone: string }> = {
  degraded: { whole: 'Some servers are degraded', one: 'degraded', sign: '▲', tone: 'fail' },
  maintenance: { whole: 'Maintenance is under way', one: 'maintenance', sign: '◐', tone: 'accepted' },
  unknown: { whole: 'Not known of every server', one: 'not known', sign: '◌', tone: 'unknown' },
  fine: { whole: 'All servers are fine', one: 'fine', sign: '●', tone: 'pass' },
}

function mark(state: ServerState, word: string): Markup {
  const { sign, tone } = words[state]
  return { html: markup`<span class="word ${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`.html }
}

function serverTable(servers: StatusPageContent['servers']): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Servers"><table>
<thead><tr><th scope="col">Server</th><th scope="col">State</th></tr></thead>
<tbody>${servers.map(({ name, state }) => markup`<tr><td data-name="Server"><strong class="path">${name}</strong></td><td data-name="State">${mark(state, words[state].one)}</td></tr>\n`)}</tbody></table></div>`
}

const heads = {
  emergency: 'An emergency is being dealt with',
  maintenance: 'Maintenance is under way',
  planned: 'Planned maintenance',
}
const cards = { emergency: 'fail', maintenance: 'accepted', planned: 'plain' }

function noticeCard({ kind, servers, from, until }: StatusPageContent['banner'][number]): Markup {
  const named = servers?.slice(0, maxNames).join(', ') ?? 'every server'
  const left = (servers?.length ?? 0) - maxNames
  return markup`<div class="card ${cards[kind]}"><h3>${heads[kind]}</h3>
<p>${named}${left > 0 ? ` and ${left} more` : ''}</p>
<p class="meta">From ${time(from)}${until === null ? '' : markup` until ${time(until)}`}</p></div>`
}

function time(at: string): Markup {
  return markup`<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')}</time>`
}
