import type { ChangeDocument } from '@upkeep/contract/change-document'
import { printable } from '@upkeep/domain/printable'
import { markdownText } from '@upkeep/domain/printable-escape'
import type { Block, Section } from './document-block.ts'
import { documentLead, documentSections } from './document-sections.ts'

const most = { line: 2_000, code: 200_000 }

/** A document as Markdown. What it quotes opens nothing: no link, no tag, no fence of its own. */
export function documentMarkdown(document: ChangeDocument): string {
  const { what, stamps } = document
  return sectionsMarkdown({
    title: what.title,
    stamps,
    lead: documentLead(document),
    sections: documentSections(document),
  })
}

/** Sections under a title as Markdown, with the same care. */
export function sectionsMarkdown(given: {
  title: string
  stamps: readonly string[]
  lead: string
  sections: readonly Section[]
}): string {
  const sections = given.sections
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ title, blocks }) => [`## ${title}`, ...blocks.map(blockText)].join('\n\n'))
  const head = [`# ${inline(given.title)}`, ...given.stamps.map((stamp) => `**${inline(stamp)}**`)]
  return `${[...head, inline(given.lead), ...sections].join('\n\n')}\n`
}

function blockText(block: Block): string {
  if (block.kind === 'facts') return block.rows.map(([name, value]) => `- ${name}: ${inline(value)}`).join('\n')
  if (block.kind === 'list') return block.items.map((item) => `- ${inline(item)}`).join('\n')
  const text = printable(block.text, { newlines: 'keep', maxLength: most.code })
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}

function inline(text: string): string {
  return markdownText(text, { maxLength: most.line })
}
