import { createRequire } from 'node:module'
import type { Notice } from '@upkeep/contract/notify'
import { describe, expect, test } from 'vitest'
import { digestNotice } from './digest-notice.ts'
import { linesOf, plainText, subjectOf } from './notice-text.ts'
import { pagerDutyEvent, pagerDutyFollowUp } from './pagerduty-event.ts'
import { slackMessage } from './slack-message.ts'
import { teamsCard } from './teams-card.ts'

/** What the package names as a module does not load in Node; its bundle does. */
const cards: typeof import('adaptivecards') = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js')

const hostile = [
  '<!here> <!channel|x> <@U123> <https://evil.example|click> *bold*',
  '[click](https://evil.example) ![x](http://evil.example/x.png) <at>Everyone</at> @channel',
  'a\r\nBcc: all@example.org\r\n\r\nbody',
  'safe\u202Egnp.exe \u200bx www.evil.example javascript:alert(1)',
  '&lt;!here&gt; {"a":1} <script>alert(1)</script>',
]
const notice: Notice = {
  event: 'alarm',
  change: null,
  title: hostile.join(' '),
  severity: 'high',
  urgent: false,
  rehearsal: false,
  servers: hostile,
  owners: hostile,
  details: hostile,
  more: 'upkeep status',
  at: '2026-11-23T12:00:00.000Z',
  thread: 'alarm x',
  about: [],
}
const huge: Notice = {
  ...notice,
  title: '&'.repeat(100_000),
  servers: Array.from({ length: 5_000 }, () => '<'.repeat(500)),
  details: Array.from({ length: 5_000 }, () => '>&<'.repeat(500)),
}

/** Every text in a message, wherever it stands. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

test('text from outside stays one line, shows what it hides, and can be followed nowhere', () => {
  for (const text of hostile.map((one) => plainText(one))) {
    expect(text).not.toMatch(/[\r\n\u202e\u200b]|:\/\/|\bwww\.|javascript:/)
  }
  expect(plainText('https://evil.example/x')).toBe('https[:]//evil.example/x')
  expect(plainText('server "fs" runs 1.0.0 (due 2026-11-30, 3 of 4)')).toBe(
    'server "fs" runs 1.0.0 (due 2026-11-30, 3 of 4)',
  )
  expect(subjectOf({ ...notice, rehearsal: true, title: 'x' })).toBe('REHEARSAL: Alarm: x')
})

test('what is left out of a long list is counted', () => {
  const { facts, details } = linesOf(huge)
  expect(details.at(-1)).toBe('4960 more lines')
  expect(facts.find(({ name }) => name === 'servers')?.value).toMatch(/ and 4950 more$/)
})

describe('Slack', () => {
  test('nothing in it is markup, a mention or a link', () => {
    const message = slackMessage(notice)
    for (const text of texts(message)) expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|:\/\//)
    expect(JSON.stringify(message)).not.toContain('mrkdwn')
    expect(texts(message).join(' ')).toContain('&lt;!here&gt;')
  })
  test('it stays within the bounds of its blocks, and no entity is cut', () => {
    const { blocks, text } = slackMessage(huge) as { blocks: { type: string; text?: { text: string } }[]; text: string }
    expect(blocks.length).toBeLessThanOrEqual(50)
    expect(text.length).toBeLessThanOrEqual(3_000)
    for (const block of blocks)
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000)
    for (const one of texts(blocks)) expect(one).not.toMatch(/&(?!amp;|lt;|gt;)/)
  })
})

describe('Teams', () => {
  test('all of it is in runs, which read no Markdown, and nobody is mentioned', () => {
    const json = JSON.stringify(teamsCard(notice))
    expect(json).not.toMatch(/"TextBlock"|"FactSet"|"msteams"|"entities"|"Action\./)
    // The schema that a card names is ours.
    expect(json.replace('http://adaptivecards.io/schemas/adaptive-card.json', '')).not.toContain('://')
  })
  test('Microsoft reads it as an Adaptive Card 1.4, and finds nothing wrong', () => {
    const judged = (card: unknown) => {
      const context = new cards.SerializationContext(cards.Versions.v1_4)
      const read = new cards.AdaptiveCard()
      read.parse(card, context)
      return [read.getItemCount(), context.eventCount, read.validateProperties().validationEvents.length]
    }
    const { attachments } = teamsCard(notice) as { attachments: { content: { body: unknown[] } }[] }
    const card = attachments[0]?.content
    expect(judged(card)).toEqual([card?.body.length, 0, 0])
    expect(
      judged({ ...card, body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'x', weight: 'Fat' }] }] }),
    ).toEqual([1, 1, 0])
  })
  test('it stays below 28 KB', () => {
    expect(Buffer.byteLength(JSON.stringify(teamsCard(huge)))).toBeLessThan(28_000)
  })
})

describe('PagerDuty', () => {
  test.each([
    ['critical', 'critical'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'info'],
    [null, 'warning'],
  ] as const)('a severity of %s is %s', (severity, expected) => {
    const event = pagerDutyEvent({ ...notice, severity }, { key: 'k', id: 'i' })
    expect(event).toMatchObject({ event_action: 'trigger', payload: { severity: expected } })
  })
  test('a rehearsal calls nobody out of bed', () => {
    const event = pagerDutyEvent({ ...notice, severity: 'critical', rehearsal: true }, { key: 'k', id: 'i' })
    expect(event).toMatchObject({ payload: { severity: 'info', summary: expect.stringMatching(/^REHEARSAL/) } })
  })
  test('what opens and what closes have one key, within the bounds', () => {
    const long = { ...huge, thread: 'x'.repeat(200) }
    const [event, over] = [pagerDutyEvent(long, { key: 'k', id: 'i' }), pagerDutyFollowUp(long, 'k')]
    const { dedup_key, payload } = event as { dedup_key: string; payload: { summary: string } }
    expect(over).toEqual({ routing_key: 'k', dedup_key, event_action: 'resolve' })
    const taken = pagerDutyFollowUp({ ...long, event: 'taken-on' }, 'k')
    expect(taken).toEqual({ routing_key: 'k', dedup_key, event_action: 'acknowledge' })
    expect(dedup_key.length).toBeLessThanOrEqual(255)
    expect(payload.summary.length).toBeLessThanOrEqual(1_024)
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512_000)
  })
})

test('a rehearsal says of itself what it is, and makes no digest graver', () => {
  const practice = { ...notice, severity: 'critical' as const, rehearsal: true }
  expect(linesOf(practice).facts[0]).toEqual({ name: 'rehearsal', value: expect.stringContaining('nothing is wrong') })
  expect(linesOf(notice).facts.some(({ name }) => name === 'rehearsal')).toBe(false)
  const real = { ...notice, severity: 'medium' as const }
  expect(digestNotice([practice, real], notice.at)).toMatchObject({ severity: 'medium', rehearsal: false })
  expect(digestNotice([practice], notice.at)).toMatchObject({ severity: 'critical', rehearsal: true })
})

test('a digest says what each would have said, and none where there is nothing', () => {
  const at = '2026-11-24T07:00:00.000Z'
  expect(digestNotice([], at)).toBeNull()
  const one = { ...notice, title: 'first', details: ['a', 'b'], servers: ['fs'], owners: ['ada'] }
  const other = {
    ...notice,
    title: 'second',
    details: [],
    severity: 'critical' as const,
    servers: ['web'],
    owners: ['ada'],
  }
  const digest = digestNotice([one, other], at)
  expect(digest).toMatchObject({ title: '2 messages', severity: 'critical', servers: ['fs', 'web'], owners: ['ada'] })
  expect(digest?.details).toEqual([
    '2026-11-23 12:00 UTC  Alarm: first',
    '    a',
    '    b',
    '2026-11-23 12:00 UTC  Alarm: second',
  ])
})
