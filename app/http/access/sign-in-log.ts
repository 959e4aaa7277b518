import { printable } from '@upkeep/domain/printable'
import { lineFile } from '../../line-file.ts'
import { type SignInRecord, signInFile } from '../../sign-in-record.ts'

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
