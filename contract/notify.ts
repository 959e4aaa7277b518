import { z } from 'zod'

const name = z.string().min(1).max(100).describe('What to call it in records')

/** Where emergencies are told of. What cannot be delivered is recorded and holds nothing up. */
export const NotifyChannel = z.union([
  z.strictObject({
    name,
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
