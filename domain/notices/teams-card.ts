import type { Notice } from '@upkeep/contract/notify'
import { linesOf, subjectOf } from './notice-text.ts'

/** What a Teams workflow takes stays below 28 KB; texts are cut so that all of them fit. */
const maxText = 6_000

/**
 * An Adaptive Card for a Teams workflow that takes webhooks. All text is in runs, which read no Markdown; without `entities` nothing mentions
 * anybody.
 */
export function teamsCard(notice: Notice): object {
  const { facts, details, more } = linesOf(notice)
  const runs = [
    [run(subjectOf(notice), { weight: 'Bolder', size: 'Medium' })],
    ...facts.map(({ name, value }) => [run(`${name}: `, { isSubtle: true }), run(value)]),
    ...fitting(details).map((line) => [run(line)]),
    [run(more, { fontType: 'Monospace' })],
  ]
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: runs.map((inlines) => ({ type: 'RichTextBlock', inlines })),
        },
      },
    ],
  }
}

function run(text: string, style: object = {}): object {
  return { type: 'TextRun', text, ...style }
}

function fitting(lines: readonly string[]): string[] {
  let left = maxText
  return lines.filter((line) => {
    left -= line.length
    return left >= 0
  })
}
