import type { ChangeDocument } from '@upkeep/contract/change-document'
import type { Block } from '../document-block.ts'
import { documentLead, documentSections } from '../document-sections.ts'
import { long, type Markup, markup } from './markup.ts'
import { pageHead } from './page-head.ts'

const most = { line: 2_000, code: 200_000 }

/** A document as one page: no script, no request to anywhere, and nothing in it that was not escaped here. */
export function documentHtml(document: ChangeDocument): string {
  const { title } = document.what
  const page = markup`${pageHead(title)}
<body>
<header>
${document.stamps.map((stamp) => markup`<p class="stamp">${stamp}</p>`)}
<h1>${title}</h1>
<p class="lead">${documentLead(document)}</p>
</header>
<main>
${documentSections(document).map(({ title, blocks }) => markup`<section><h2>${title}</h2>${blocks.map(blockMarkup)}</section>\n`)}
</main>
<footer><p>Drawn from sealed records alone. Check them: <code>upkeep verify</code>. Times are UTC.</p></footer>
</body>
</html>
`
  return page.html
}

function blockMarkup(block: Block): Markup {
  if (block.kind === 'facts')
    return markup`<dl class="facts">${block.rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${long(value, most.line)}</dd>`)}</dl>`
  if (block.kind === 'list')
    return markup`<ul class="plain">${block.items.map((item) => markup`<li>${long(item, most.line)}</li>`)}</ul>`
  return markup`<pre>${long(block.text, most.code, 'keep')}</pre>`
}
