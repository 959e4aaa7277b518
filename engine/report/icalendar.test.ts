import { type FeedEvent, nextFeed } from '@upkeep/domain/calendar/calendar-feed'
import ICAL from 'ical.js'
import nodeIcal from 'node-ical'
import { expect, test } from 'vitest'
import { iCalendar } from './icalendar.ts'

const day1 = '2026-11-27T09:00:00.000Z'
const day2 = '2026-11-28T09:00:00.000Z'
const event = (uid: string, over: Partial<FeedEvent> = {}): FeedEvent => ({
  uid: `${uid}@mcp-upkeep`,
  kind: 'window',
  from: '2026-11-29T01:00:00.000Z',
  until: '2026-11-29T03:00:00.000Z',
  title: `Window: ${uid}`,
  detail: 'Changes may be made.',
  ...over,
})

/** As a calendar program reads it that knows nothing of ours. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const one = new ICAL.Event(component)
    return {
      uid: one.uid,
      from: one.startDate.toJSDate().toISOString(),
      until: one.endDate.toJSDate().toISOString(),
      title: one.summary,
      sequence: one.sequence,
      status: component.getFirstPropertyValue('status'),
    }
  })
}

test('a foreign parser reads it, and follows what moved and what was withdrawn', () => {
  const first = nextFeed([], [event('a'), event('b')], day1)
  expect(read(iCalendar(first, 'x'))).toEqual([
    expect.objectContaining({
      uid: 'a@mcp-upkeep',
      from: '2026-11-29T01:00:00.000Z',
      until: '2026-11-29T03:00:00.000Z',
      sequence: 0,
      status: 'CONFIRMED',
    }),
    expect.objectContaining({ uid: 'b@mcp-upkeep', sequence: 0, status: 'CONFIRMED' }),
  ])
  const moved = event('a', { from: '2026-11-29T02:00:00.000Z' })
  const second = nextFeed(first, [moved], day2)
  const seen = new Map(read(iCalendar(second, 'x')).map((one) => [one.uid, one]))
  expect(seen.get('a@mcp-upkeep')).toMatchObject({ from: '2026-11-29T02:00:00.000Z', sequence: 1, status: 'CONFIRMED' })
  expect(seen.get('b@mcp-upkeep')).toMatchObject({ sequence: 1, status: 'CANCELLED' })
  // Put back it is the same event again, by a higher number.
  const third = nextFeed(second, [moved, event('b')], day2)
  expect(third.map(({ sequence, cancelled }) => [sequence, cancelled])).toEqual([
    [2, false],
    [1, false],
  ])
})

test('a second foreign parser reads the same of it', () => {
  const text = iCalendar(nextFeed(nextFeed([], [event('a'), event('b')], day1), [event('a')], day2), 'x')
  const events = Object.values(nodeIcal.sync.parseICS(text)).flatMap((one) => (one?.type === 'VEVENT' ? [one] : []))
  const theirs = events.map(({ uid, start, end, status, sequence, summary }) => ({
    ...{ uid, from: start.toISOString(), until: end?.toISOString(), title: summary },
    ...{ sequence: Number(sequence), status },
  }))
  expect(theirs).toHaveLength(2)
  expect(theirs).toEqual(read(text))
})

test('what did not change is the same to the byte; what is over is no longer cancelled, only gone', () => {
  const first = nextFeed([], [event('a'), event('b')], day1)
  expect(iCalendar(nextFeed(first, [event('b'), event('a')], day2), 'x')).toBe(iCalendar(first, 'x'))
  expect(nextFeed(first, [], '2026-12-01T00:00:00.000Z')).toEqual([])
})

test('text from elsewhere makes no event of its own', () => {
  const title = 'x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:mine;,\\'
  const read1 = read(iCalendar(nextFeed([], [event('a', { title })], day1), title))
  expect(read1).toHaveLength(1)
  expect(read1[0]?.title).toContain('END:VEVENT')
})
