import type { CalendarMessage } from '@upkeep/contract/notify'
import { plainText } from '@upkeep/domain/notices/notice-text'
import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'

/** A time for one person's calendar (RFC 5546): asked for, moved by a higher number, or called off. All times are in UTC. */
export function invitation(
  { method, uid, sequence, from, until, detail }: CalendarMessage,
  envelope: { title: string; from: string; to: string; at: string },
): { method: CalendarMessage['method']; text: string } {
  const calendar = ical({
    prodId: { company: 'mcp-upkeep', product: 'maintenance', language: 'EN' },
    method: method === 'CANCEL' ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  })
  const event = calendar.createEvent({
    id: uid,
    sequence,
    stamp: new Date(envelope.at),
    start: new Date(from),
    end: new Date(until),
    summary: plainText(envelope.title),
    description: plainText(detail, 2_000),
    status: method === 'CANCEL' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: 'mcp-upkeep', email: envelope.from },
  })
  event.createAttendee({
    email: envelope.to,
    rsvp: false,
    role: ICalAttendeeRole.OPT,
    status: ICalAttendeeStatus.NEEDSACTION,
  })
  return { method, text: calendar.toString() }
}
