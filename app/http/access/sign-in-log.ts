import { join } from 'node:path'
import { printable } from '@upkeep/domain/printable'
import { z } from 'zod'
import { lineFile } from '../../line-file.ts'

/** What came of somebody who wanted to get in, or left. */
export const SignInOutcome = z.enum([
  'signed-in',
  'signed-out',
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
  /** `link`: by whoever owns the machine, with the link that was printed there. */
  how: z.enum(['link', 'provider']),
  person: z.string().nullable().describe('Null where it is nobody who is named'),
  provider: z.string().nullable().describe('Its issuer'),
  subject: z.string().nullable().describe('Who it was to the provider'),
  from: z.string().describe('The address that it came from'),
})
export type SignInRecord = z.infer<typeof SignInRecord>

export function signInFile(stateDir: string): string {
  return join(stateDir, 'sign-ins.jsonl')
}

/** Keeps who got in, who did not, and who left. Throws where it cannot: who cannot be recorded does not get in. */
export interface SignInLog {
  add(record: Omit<SignInRecord, 'at'>): void
}

export function signInLog(stateDir: string, now: () => Date): SignInLog {
  const file = lineFile(signInFile(stateDir))
  return {
    add({ person, subject, from, ...rest }) {
      const text = (one: string | null) => (one === null ? null : printable(one, { maxLength: 300 }))
      const who = { person: text(person), subject: text(subject), from: printable(from, { maxLength: 100 }) }
      file.add({ at: now().toISOString(), ...rest, ...who })
    },
  }
}
