import type { Notice } from '@upkeep/contract/notify'
import { linesOf, subjectOf } from './notice-text.ts'

/** Slack's own bounds: a header takes 150 characters, a text of a section 3,000. */
const [maxHeader, maxSection] = [150, 3_000]

/** What an incoming webhook of Slack takes. Every text is plain and escaped: nothing in it mentions, formats or links. */
export function slackMessage(notice: Notice): object {
  const { facts, details, more } = linesOf(notice)
  const subject = subjectOf(notice)
  const head = facts.map(({ name, value }) => `${name}: ${value}`).join('\n')
  return {
    text: escaped(subject, maxSection),
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
    blocks: [
      { type: 'header', text: plain(subject, maxHeader) },
      { type: 'section', text: plain(head, maxSection) },
      ...(details.length === 0 ? [] : [{ type: 'section', text: plain(details.join('\n'), maxSection) }]),
      { type: 'context', elements: [plain(more, maxSection)] },
    ],
  }
}

function plain(text: string, limit: number): object {
  return { type: 'plain_text', text: escaped(text, limit), emoji: false }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Escaped as Slack asks, within a bound, and never cut inside of what stands for one character. */
function escaped(text: string, limit: number): string {
  let written = ''
  for (const character of text) {
    const next = entities[character] ?? character
    if (written.length + next.length > limit - 1) return `${written}…`
    written += next
  }
  return written
}
