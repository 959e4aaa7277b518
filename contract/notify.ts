import { z } from 'zod'
import { Severity } from './finding.ts'
import { Zone } from './maintenance-window.ts'
import { Role } from './person.ts'
import { SecretReference } from './secret-reference.ts'
import { Instant } from './time.ts'

/** What people can be told of. */
export const NoticeEvent = z.enum([
  'emergency-asked',
  'emergency-opened',
  'emergency-contained',
  'emergency-not-contained',
  'enforcement-reverted',
  'change-applied',
  'change-rolled-back',
  'change-not-made',
  'alarm',
])
export type NoticeEvent = z.infer<typeof NoticeEvent>

/** What a message is: one of the events that a channel asks for, or what follows from how it is told. */
export const MessageKind = z.enum([...NoticeEvent.options, 'taken-on', 'resolved', 'digest', 'invitation', 'test'])
export type MessageKind = z.infer<typeof MessageKind>

/** What is told: where to look further, and no secret. Texts are as they were found; whoever shows them makes them fit to be shown. */
export const Notice = z.strictObject({
  event: MessageKind,
  /** Null where it is about no change. */
  change: z.string().nullable(),
  title: z.string(),
  /** Null where it is about nothing that has one. */
  severity: Severity.nullable(),
  /** Waits for no morning: an emergency, or what is known to be exploited. */
  urgent: z.boolean(),
  rehearsal: z.boolean(),
  servers: z.array(z.string()),
  /** Who answers for these servers. */
  owners: z.array(z.string()),
  /** What there is to say of it, a line each. */
  details: z.array(z.string()),
  /** The command that shows more. */
  more: z.string(),
  at: Instant,
  /** What is told of one matter has one thread: what opens it, and what says that it is over. */
  thread: z.string().max(200),
  /** Fingerprints of the findings that it is about. */
  about: z.array(z.string()),
  /** What a calendar program takes of it (RFC 5546): a time that is asked for, or one that is called off. */
  calendar: z
    .strictObject({
      method: z.enum(['REQUEST', 'CANCEL']),
      uid: z.string().max(400),
      sequence: z.int().nonnegative(),
      from: Instant,
      until: Instant,
      detail: z.string(),
    })
    .optional(),
})
export type Notice = z.infer<typeof Notice>
export type CalendarMessage = NonNullable<Notice['calendar']>

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, such as 08:00')
export const Weekday = z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'])
export type Weekday = z.infer<typeof Weekday>

/** When nothing is told that can wait. From a time until one that is earlier in the day goes over midnight. */
export const QuietHours = z.strictObject({
  from: TimeOfDay.describe('From when, by the clock on the wall in its zone'),
  until: TimeOfDay.describe('Until when; what was held is told then'),
  zone: Zone.describe('The IANA time zone, such as Europe/Berlin'),
  days: z.array(Weekday).min(1).max(7).optional().describe('Only where it begins on one of these days'),
})
export type QuietHours = z.infer<typeof QuietHours>

/** All that can wait, in one message. */
export const Digest = z.strictObject({
  every: z.enum(['day', 'week']),
  at: TimeOfDay.describe('When, by the clock on the wall in its zone'),
  zone: Zone.describe('The IANA time zone, such as Europe/Berlin'),
  on: Weekday.default('monday').describe('For a week: on which day'),
})
export type Digest = z.infer<typeof Digest>

const only = {
  name: z.string().min(1).max(100).describe('What to call it in records'),
  about: z.array(NoticeEvent).min(1).optional().describe('Only these are told there; left out, all of them'),
  owners: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(100)
    .optional()
    .describe('Only what is about servers that one of these answers for, by "servers" here or CODEOWNERS'),
  severity: Severity.optional().describe('Of findings those of this severity or above; left out, high and critical'),
}
const pace = {
  quiet: QuietHours.optional().describe('When nothing is told there but emergencies and what is known to be exploited'),
  digest: Digest.optional().describe('Tell all but these in one message a day or a week'),
}

/** A mail server that takes messages. Without TLS only where `outgoing.inner` lists it. */
const Smtp = z
  .strictObject({
    host: z.string().regex(/^[a-z0-9.:-]{1,253}$/, 'a host name or address, in lower case'),
    port: z.int().min(1).max(65_535).default(587),
    tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
    user: z.string().min(1).max(200).optional(),
    password: SecretReference.optional().describe('Where the password is found: env:NAME or file:/path'),
  })
  .refine(({ user, tls }) => user === undefined || tls !== 'none', {
    path: ['tls'],
    message: 'a password goes nowhere without TLS',
  })

/** Where people are told of emergencies, changes and alarms. What cannot be delivered is recorded and holds nothing up. */
export const NotifyChannel = z.union([
  z.strictObject({
    ...only,
    ...pace,
    webhook: z
      .url({ protocol: /^https?$/ })
      .describe('A POST of JSON goes there. Only public addresses by https, unless "outgoing" lists the host'),
    secret: SecretReference.optional().describe(
      'Where the key is that signs it as Standard Webhooks do: whsec_ and base64 of 24 to 64 bytes',
    ),
  }),
  z.strictObject({
    ...only,
    ...pace,
    slack: SecretReference.describe(
      'Where the address of an incoming webhook of Slack is found: env:NAME or file:/path',
    ),
  }),
  z.strictObject({
    ...only,
    ...pace,
    teams: SecretReference.describe('Where the address of a Teams workflow that takes webhooks is found'),
  }),
  z.strictObject({
    ...only,
    pagerduty: SecretReference.describe('Where the integration key of a service is found (Events API v2)'),
    at: z
      .url({ protocol: /^https?$/ })
      .default('https://events.pagerduty.com/v2/enqueue')
      .describe('Another address that takes such events, such as https://events.eu.pagerduty.com/v2/enqueue'),
  }),
  z.strictObject({
    ...only,
    ...pace,
    mail: z
      .union([
        z.email(),
        z.strictObject({ roles: z.array(Role).min(1).describe('To each person with one of these roles') }),
        z.strictObject({ owners: z.literal(true).describe('To each person who answers for the servers it is about') }),
      ])
      .describe('To whom: an address, or people of this file by their "mail"'),
    from: z.email().describe('In whose name'),
    sendmail: z
      .string()
      .regex(/^\//, 'an absolute path')
      .default('/usr/sbin/sendmail')
      .describe('The program that takes the message on its standard input, called with -t -i'),
    smtp: Smtp.optional().describe('A mail server that takes it instead of that program'),
    invite: z.boolean().default(false).describe('Invite to the times of approved changes, for calendar programs'),
  }),
])
export type NotifyChannel = z.infer<typeof NotifyChannel>

/** A sign of life: another service raises the alarm when it stays out. */
export const Heartbeat = z.strictObject({
  url: SecretReference.describe('Where its address is found: env:NAME or file:/path'),
  method: z.enum(['GET', 'POST']).default('POST'),
})
export type Heartbeat = z.infer<typeof Heartbeat>

/** What the status page shows, and to whom. */
export const StatusPage = z.strictObject({
  public: z.boolean().default(false).describe('Shown without signing in; by default only to who may look'),
  title: z.string().min(1).max(100).default('Status of MCP servers'),
  servers: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(10_000)
    .optional()
    .describe('Only these servers, by name; left out, all of them'),
})
export type StatusPage = z.infer<typeof StatusPage>
