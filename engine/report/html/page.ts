import { stampOf } from '@upkeep/domain/distance'
import { homeAsTilde } from '../home-as-tilde.ts'
import type { ReportModel } from '../report-model.ts'
import { coverageParts, ledgerWords, stampsOf } from '../words.ts'
import { acceptedSection } from './accepted-section.ts'
import { coverageSection } from './coverage-section.ts'
import { dutiesSection } from './duties-section.ts'
import { evidenceOf } from './evidence.ts'
import { itemsSection } from './items-section.ts'
import { type Markup, markup } from './markup.ts'
import { pageHead } from './page-head.ts'
import { serversSection } from './servers-section.ts'
import { sourcesSection } from './sources-section.ts'
import { unknownSection } from './unknown-section.ts'
import { passSection } from './verdict-section.ts'

/** The full report as one file: no script, no request to anywhere, every fact a link away from its source. */
export function renderHtml(whole: ReportModel): string {
  const model = homeAsTilde(whole)
  const evidence = evidenceOf(model)
  const title = `upkeep report, ${stampOf(model.at)}`
  const page = markup`${pageHead([...stampsOf(model).map((stamp) => `${stamp.split(':')[0]} · `), title].join(''))}
<body${bodyStamp(model)}>
<a class="skip" href="#main">Skip to the report</a>
${header(model)}
<main id="main">
${coverageSection(model)}
${itemsSection(model, evidence)}
${unknownSection(model)}
${acceptedSection(model, evidence)}
${passSection(model, evidence)}
${serversSection(model)}
${dutiesSection(model)}
${sourcesSection(model, evidence)}
</main>
${footer(model)}
</body>
</html>
`
  return page.html
}

/** What is not about the user's own servers says so behind every screen and every printed page. */
function bodyStamp(model: ReportModel): Markup | null {
  const words = stampsOf(model).map((stamp) => stamp.split(':')[0] ?? stamp)
  return words.length === 0 ? null : markup` class="stamped" data-stamp="${words.join(' · ')}"`
}

function stamps(model: ReportModel): Markup[] {
  return stampsOf(model).map((stamp) => markup`<p class="stamp">${stamp}</p>`)
}

function header(model: ReportModel): Markup {
  const links = [
    ['todo', `What to do (${model.items.length})`],
    ['unknown', `Unknown (${model.unknowns.length})`],
    ['accepted', `Accepted (${model.accepted.length})`],
    ['passed', `Passed (${model.totals.pass})`],
    ['servers', `Servers (${model.coverage.servers.length})`],
    ['duties', 'Duties'],
    ['sources', 'Sources'],
  ] as const
  return markup`<header>
${stamps(model)}
<h1>State of the fleet</h1>
<p class="lead">${coverageParts(model).join(' · ')}</p>
<p class="meta">As of ${stampOf(model.at)} · profile ${model.profile} · ${ledgerWords(model)} · upkeep ${model.version}</p>
<nav aria-label="Sections"><ul>${links.map(([id, text]) => markup`<li><a href="#${id}">${text}</a></li>`)}</ul></nav>
</header>`
}

function footer(model: ReportModel): Markup {
  const { checkpoint } = model.ledger
  const head =
    checkpoint === null
      ? markup`No checkpoint has been signed yet.`
      : markup`Ledger checkpoint of ${stampOf(checkpoint.at)}: size ${checkpoint.size}, root <code>${checkpoint.root}</code>.`
  return markup`<footer>
${stamps(model)}
<p>${head} Check it: <code>upkeep verify</code>.</p>
<p>Drawn from stored records alone; nothing was looked at again for this page. Times are UTC.</p>
</footer>`
}
