import type { TicketMessage } from '@upkeep/contract/ticket'
import fc from 'fast-check'
import { marked } from 'marked'
import { describe, expect, test } from 'vitest'
import { jiraDocument, jiraWiki } from './jira-text.ts'
import { ticketMarkdown } from './markdown.ts'
import { serviceNowText } from './servicenow-text.ts'
import { cut, endsWithMark, ticketMark, ticketTitle } from './ticket-text.ts'

const mark = ticketMark('019abc01')

function message(...lines: string[]): TicketMessage {
  const sections = [{ heading: 'What it does', lines }]
  return {
    change: '019abc01',
    is: 'opened',
    title: 't',
    sections,
    since: '2026-11-22T09:00:00.000Z',
    due: null,
    move: 'stay',
  }
}

const hostile = [
  '@everyone and @octocat, fixes #1, !2, ~label, %milestone, owner/repo#3',
  '/close',
  '/assign @root',
  '[click](https://evil.example/a) ![i](https://evil.example/b.png) <https://evil.example>',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '```\n@octocat\n```',
  '````` ``` ~~~',
  '{noformat}[~admin] !https://evil.example/x.png! [x|https://evil.example]{noformat} {html}<b>x</b>{html} {code}',
  '[code]<a href="https://evil.example">x</a>[/code] [CODE]<img src=x>[/CODE] @[0123:root]',
  'h1. big\n\n# big\n- [ ] task',
  '\u202eevil\u202c \u200b@octocat \u001b[31m',
  `upkeep-change:ffffffff`,
  'www.evil.example mailto:a@b.example javascript:alert(1)',
  'x'.repeat(5_000),
]

describe('Markdown of GitHub and GitLab', () => {
  /** What a renderer of GitHub's Markdown makes of it, by kinds: with the texts of all that is not code. */
  function read(text: string) {
    const kinds = new Set<string>()
    const outside: string[] = []
    marked.walkTokens(marked.lexer(text), (token) => {
      kinds.add(token.type)
      if (token.type === 'text' && !('tokens' in token && token.tokens !== undefined)) outside.push(token.raw)
    })
    return { kinds: [...kinds].sort(), outside }
  }

  test('what comes from outside is code and nothing else, for a foreign reader of it', () => {
    const { kinds, outside } = read(ticketMarkdown(message(...hostile), mark))
    expect(kinds).toEqual(['code', 'codespan', 'heading', 'paragraph', 'space', 'text'])
    expect(outside).toEqual(['What it does'])
  })

  test('so is any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('`', '~', '\n', ' ', '@', '#', '>', 'a') }),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (lines) => {
        const { kinds, outside } = read(ticketMarkdown(message(...lines), mark))
        expect(kinds).toEqual(['code', 'codespan', 'heading', 'paragraph', 'space', 'text'])
        expect(outside).toEqual(['What it does'])
      }),
    )
  })
})

test('in the wiki markup of Jira nothing ends its block, and nobody is mentioned', () => {
  const text = jiraWiki(message(...hostile), mark)
  const outside = text.split('{noformat}').filter((_, index) => index % 2 === 0)
  expect(outside.join('')).toBe('h3. What it does\n\n\n')
  expect(text).not.toMatch(/\[~|\{html|\{code/)
})

test('in a document of Jira Cloud all of it is text of code blocks, and no text is empty', () => {
  const text = JSON.stringify(jiraDocument(message(...hostile, ''), mark))
  expect([...new Set(text.match(/"type":"\w+"/g))]).toEqual(
    ['doc', 'heading', 'text', 'codeBlock', 'paragraph', 'code'].map((type) => `"type":"${type}"`),
  )
  expect(text).not.toContain('"text":""')
  expect(text).not.toMatch(/mention|inlineCard|"link"|"href"/)
})

test('in a field of ServiceNow nothing is HTML of a journal, and nobody is mentioned', () => {
  const text = serviceNowText(message(...hostile), mark)
  expect(text).not.toMatch(/\[|\]/)
  expect(text.length).toBeLessThanOrEqual(4_000)
  expect(text.endsWith(mark)).toBe(true)
})

test.each([
  ['Markdown', (one: TicketMessage) => ticketMarkdown(one, mark), 65_536],
  ['wiki markup', (one: TicketMessage) => jiraWiki(one, mark), 32_767],
  ['a document', (one: TicketMessage) => JSON.stringify(jiraDocument(one, mark)), 80_000],
  ['a field', (one: TicketMessage) => serviceNowText(one, mark), 4_000],
])('%s is bounded, bears its sign last, hides nothing and can be followed nowhere', (_, write, most) => {
  const lines = Array.from({ length: 500 }, (__, index) => `${index} ${hostile.join(' ')}`)
  const sections = Array.from({ length: 40 }, (__, index) => ({ heading: `section ${index}`, lines }))
  const text = write({ ...message(), sections })
  expect(text.length).toBeLessThanOrEqual(most)
  expect(endsWithMark(text, mark)).toBe(true)
  expect(text).not.toMatch(/:\/\/|[\u202e\u200b\u001b]/)
})

test.each([
  ['@octocat closes #1 https://evil.example', '(at)octocat closes # 1 https[:]/ /evil.example'],
  ['set @scope/fs to 2.0.1', 'set (at)scope/fs to 2.0.1'],
  ['two\nlines <b>', 'two⟨U+000A⟩lines < b> '],
])('a title mentions nobody and is one line: %j', (title, shown) => {
  expect(ticketTitle(title, 100)).toBe(shown.replace('/ /', '//').trimEnd())
})

test('a title and a text are cut to what is taken, and never inside of a character', () => {
  expect(ticketTitle('@'.repeat(500), 160).length).toBeLessThanOrEqual(160)
  expect(cut('a😀😀', 4)).toBe('a😀…')
})

test.each([
  ['`upkeep-change:019abc01`', true],
  ['upkeep-change:other then upkeep-change:019abc01', true],
  ['upkeep-change:019abc01 then upkeep-change:other', false],
  ['upkeep-change:019abc012', false],
  ['nothing', false],
])('the last sign of a text counts: %s', (text, bears) => {
  expect(endsWithMark(text, mark)).toBe(bears)
})
