import type { FeedEntry } from '@upkeep/domain/calendar/calendar-feed'
import { printable } from '@upkeep/domain/printable'
import ical, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from 'ical-generator'

/** Writes a calendar feed (RFC 5545). All times are in UTC, so that no reader needs to know a zone. The same entries give the same bytes. */
export function iCalendar(entries: readonly FeedEntry[], name: string): string {
  const calendar = ical({
    prodId: { company: 'mcp-upkeep', product: 'maintenance', language: 'EN' },
    name: printable(name, { maxLength: 200 }),
    method: ICalCalendarMethod.PUBLISH,
  })
  for (const { uid, kind, from, until, title, detail, sequence, cancelled, at } of entries) {
    calendar.createEvent({
      id: uid,
      sequence,
      stamp: new Date(at),
      start: new Date(from),
      end: new Date(until),
      summary: printable(title, { maxLength: 500 }),
      description: printable(detail, { maxLength: 2_000 }),
      categories: [{ name: kind }],
      status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      transparency: kind === 'change' ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    })
  }
  return calendar.toString()
}
