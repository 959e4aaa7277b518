import { join } from 'node:path'
import { z } from 'zod'

/** What came of somebody who wanted to get in, or left. */
export const SignInOutcome = z.enum([
  'signed-in',
  'signed-out',
  'signed-out-there',
  'link-wrong',
  'unknown-person',
  'is-a-program',
  'not-begun-here',
  'refused-by-provider',
  'not-believed',
  'provider-down',
  'too-many',
])
export type SignInOutcome = z.infer<typeof SignInOutcome>

/** One line of the record of sign-ins. It holds nothing that opens anything. */
export const SignInRecord = z.strictObject({
  at: z.iso.datetime(),
  outcome: SignInOutcome,
  how: z.enum(['link', 'provider']).describe('By the link that whoever owns the machine has, or by the provider'),
  person: z.string().nullable().describe('Null where it is nobody who is named'),
  provider: z.string().nullable().describe('Its issuer'),
  subject: z.string().nullable().describe('Who it was to the provider'),
  from: z.string().describe('The address that it came from'),
})
export type SignInRecord = z.infer<typeof SignInRecord>

export function signInFile(stateDir: string): string {
  return join(stateDir, 'sign-ins.jsonl')
}
