import type { TicketMessage } from '@upkeep/contract/ticket'
import { fitted, ticketSections } from './ticket-text.ts'

/** GitHub takes 65,536 characters, GitLab more. */
const maxBody = 40_000

/**
 * A message in the Markdown of GitHub and GitLab. What comes from outside stands in fenced blocks alone, whose fence is longer than any in it: there
 * neither of them looks for mentions, references, links, pictures, HTML or quick actions.
 */
export function ticketMarkdown(message: TicketMessage, mark: string): string {
  const blocks = ticketSections(message).map(({ heading, lines }) =>
    [...(heading === '' ? [] : [`### ${heading}`, '']), ...(lines.length === 0 ? [] : fenced(lines))].join('\n'),
  )
  return fitted(blocks, `\`${mark}\``, maxBody)
}

function fenced(lines: readonly string[]): string[] {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length)
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)))
  return [`${fence}text`, ...lines, fence]
}
