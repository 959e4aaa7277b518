import { z } from 'zod'

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

const only = {
  about: z.array(NoticeEvent).min(1).optional().describe('Only these are told there; left out, all of them'),
  owners: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(100)
    .optional()
    .describe('Only what is about servers that one of these answers for, by "servers" here or CODEOWNERS'),
}

const name = z.string().min(1).max(100).describe('What to call it in records')

/** Where people are told of emergencies, changes and alarms. What cannot be delivered is recorded and holds nothing up. */
export const NotifyChannel = z.union([
  z.strictObject({
    name,
    ...only,
    webhook: z
      .url({ protocol: /^https?$/ })
      .describe('A POST of JSON goes there. Only public addresses by https, unless "private" is set'),
    secret: z
      .string()
      .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/)
      .optional()
      .describe('Where the key is that signs it (HMAC-SHA-256 in x-upkeep-signature): env:NAME or file:/path'),
    private: z.boolean().default(false).describe('It is on this machine or in a network of your own, and may be http'),
  }),
  z.strictObject({
    name,
    ...only,
    mail: z.email().describe('To whom'),
    from: z.email().describe('In whose name'),
    sendmail: z
      .string()
      .regex(/^\//, 'an absolute path')
      .default('/usr/sbin/sendmail')
      .describe('The program that takes the message on its standard input, called with -t -i'),
  }),
])
export type NotifyChannel = z.infer<typeof NotifyChannel>
