import { z } from 'zod'

const daysNamed = /(^|;)(BYDAY|BYMONTHDAY)=/
const everyDay = /^FREQ=DAILY($|;)/
const counts = /(^|;)(INTERVAL|COUNT)=/

/** A time zone by its IANA name, such as `Europe/Berlin`. */
export const Zone = z.string().max(60).refine(isZone, { message: 'an IANA time zone, such as Europe/Berlin' })

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** When changes may be made, again and again. Worked out from the calendar: nothing opens or shuts it. */
export const MaintenanceWindow = z
  .strictObject({
    name: z.string().min(1).max(100).describe('What to call it'),
    rrule: z
      .string()
      .max(200)
      .regex(
        /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL|BYDAY|BYMONTH|BYMONTHDAY|BYSETPOS|WKST|COUNT)=[A-Z0-9,+-]{1,60}){0,8}$/,
        'a recurrence rule of days (RFC 5545), such as FREQ=WEEKLY;BYDAY=SU',
      )
      .describe('On which days: a recurrence rule (RFC 5545), such as FREQ=WEEKLY;BYDAY=SU'),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, such as 02:00')
      .describe('When it opens, by the clock on the wall in its zone, such as 02:00'),
    zone: Zone.describe('The IANA time zone, such as Europe/Berlin'),
    duration: z
      .string()
      .regex(/^PT(?=\d)(([1-9]|1\d|2[0-3])H)?([1-9]\d?M)?$/, 'hours and minutes, such as PT2H or PT1H30M; below a day')
      .describe('How long it stays open, in hours that pass (not hands of the clock): PT2H, PT1H30M'),
    first: z.iso.date().optional().describe('The first day; a rule with INTERVAL or COUNT needs it'),
    servers: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(10_000)
      .optional()
      .describe('For which servers; left out, for every change'),
    capacity: z.int().min(1).max(1_000).optional().describe('How many changes fit into one; left out, any number'),
  })
  .refine(({ rrule, first }) => first !== undefined || everyDay.test(rrule) || daysNamed.test(rrule), {
    path: ['rrule'],
    message: 'name the days (BYDAY or BYMONTHDAY), or give its first day in "first"',
  })
  .refine(({ rrule, first }) => first !== undefined || !counts.test(rrule), {
    path: ['first'],
    message: 'a rule with INTERVAL or COUNT needs its first day',
  })
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>

const Moment = z.iso.datetime({ offset: true })

/** When no change is made, whatever window is open. */
export const Freeze = z
  .strictObject({
    from: Moment.describe('From this moment, such as 2026-12-20T00:00:00+01:00'),
    until: Moment.describe('Until this moment'),
    why: z.string().min(1).max(300).describe('The reason; it is shown to whoever is held by it'),
    servers: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(10_000)
      .optional()
      .describe('For which servers; left out, all'),
  })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
    path: ['until'],
    message: 'it ends before it begins',
  })
export type Freeze = z.infer<typeof Freeze>

/** Two servers that may not be down at the same time, such as a gateway and what takes over from it. */
export const NeverTogether = z.strictObject({
  servers: z.tuple([z.string().min(1).max(200), z.string().min(1).max(200)]).describe('The two, by name'),
  why: z.string().min(1).max(300).describe('The reason, such as "one takes over from the other"'),
})
export type NeverTogether = z.infer<typeof NeverTogether>
