import { Role } from '@upkeep/contract'
import { z } from 'zod'

/** Why somebody who came back from the provider is not signed in. */
const SignInProblem = z.strictObject({ code: z.string(), message: z.string(), means: z.string(), action: z.string() })
export type SignInProblem = z.infer<typeof SignInProblem>

/** What `/session` says: who is here, or how to get in. */
export const SessionShown = z.strictObject({
  signsInWith: z
    .string()
    .nullable()
    .describe('The host of the OpenID provider; null where only the printed link opens'),
  problem: SignInProblem.nullable().describe('Why the last sign-in in this browser came to nothing'),
  session: z
    .strictObject({
      person: z.string(),
      name: z.string(),
      roles: z.array(Role),
      how: z.enum(['link', 'provider']),
      since: z.iso.datetime(),
      until: z.iso.datetime(),
    })
    .nullable(),
})
export type SessionShown = z.infer<typeof SessionShown>

/** The key of a page, which it made and keeps: other ports of the machine are sent its cookie, and never this. */
export const BindRequest = z.strictObject({ key: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
export const BindAnswer = z.strictObject({ bound: z.literal(true) })
export type BindAnswer = z.infer<typeof BindAnswer>

export const LeaveAnswer = z.strictObject({
  next: z.string().nullable().describe('Where the browser goes to be signed out at the provider too'),
})
export type LeaveAnswer = z.infer<typeof LeaveAnswer>
