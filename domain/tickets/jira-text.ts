import type { TicketMessage } from '@upkeep/contract/ticket'
import { cut, fitted, ticketSections } from './ticket-text.ts'

/** Jira takes 32,767 characters of text. */
const maxText = 30_000

/**
 * A message in the wiki markup of Jira Data Center. What comes from outside stands between two `{noformat}` alone, with what would end that, or mention somebody,
 * taken apart.
 */
export function jiraWiki(message: TicketMessage, mark: string): string {
  const blocks = ticketSections(message).map(({ heading, lines }) =>
    [
      ...(heading === '' ? [] : [`h3. ${heading}`]),
      ...(lines.length === 0 ? [] : ['{noformat}', ...lines.map(apart), '{noformat}']),
    ].join('\n'),
  )
  return fitted(blocks, `{noformat}${mark}{noformat}`, maxText)
}

function apart(line: string): string {
  return line.replaceAll('{', '{ ').replaceAll('[~', '[ ~')
}

/** A message as a document of Jira Cloud (Atlassian Document Format, version 1): text of it is text, whatever it holds. */
export function jiraDocument(message: TicketMessage, mark: string): object {
  let left = maxText - mark.length
  const content: object[] = []
  for (const { heading, lines } of ticketSections(message)) {
    if (heading !== '') content.push({ type: 'heading', attrs: { level: 3 }, content: [textOf(heading)] })
    const text = cut(lines.join('\n'), Math.max(left, 0))
    left -= text.length + heading.length
    if (text !== '') content.push({ type: 'codeBlock', attrs: { language: 'text' }, content: [textOf(text)] })
  }
  content.push({ type: 'paragraph', content: [{ ...textOf(mark), marks: [{ type: 'code' }] }] })
  return { type: 'doc', version: 1, content }
}

function textOf(text: string): { type: 'text'; text: string } {
  return { type: 'text', text }
}
