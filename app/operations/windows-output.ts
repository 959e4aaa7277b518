import { z } from 'zod'

const Time = z.strictObject({ window: z.string(), from: z.string(), until: z.string(), wall: z.string() })

/** The calendar of changes as programs read it. */
export const WindowsOutput = z.strictObject({
  windows: z.array(
    z.strictObject({
      name: z.string(),
      zone: z.string(),
      rrule: z.string(),
      at: z.string().describe('When it opens by the clock in its zone'),
      duration: z.string(),
      first: z.string().nullable(),
      servers: z.array(z.string()).nullable().describe('Null: for every change'),
      capacity: z.int().nullable(),
      next: z.array(Time).describe('The next times; "wall" is by the clock in its zone. None: the rule fits no day'),
      skipped: z.array(z.strictObject({ window: z.string(), wall: z.string() })).describe('Hours that its clock skips'),
    }),
  ),
  freezes: z.array(
    z.strictObject({ from: z.string(), until: z.string(), why: z.string(), servers: z.array(z.string()).nullable() }),
  ),
  scheduled: z.array(
    z.strictObject({
      change: z.string(),
      title: z.string(),
      from: z.string(),
      until: z.string().nullable(),
      window: z.string().nullable(),
    }),
  ),
  deadlines: z.array(
    z.strictObject({
      fingerprint: z.string(),
      title: z.string(),
      server: z.string(),
      due: z.string(),
      next: z.string().nullable().describe('When a change of this server may be made next'),
      beforeNext: z.boolean().describe('It is due before that: the question is whether it is an emergency'),
    }),
  ),
  file: z.string().nullable(),
  feed: z.string().nullable().describe('The calendar as iCalendar, where it was asked for'),
})
export type WindowsOutput = z.infer<typeof WindowsOutput>
