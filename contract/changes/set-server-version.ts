import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

/** Make a client's entry start another version of the same package. Can be undone: the file's former bytes are kept. */
export const SetServerVersion = z.strictObject({
  kind: z.literal('set-server-version'),
  ...namedEntry,
  package: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  /** SHA-512 of the exact archive that the registry states for `to`, as npm writes it; left out where the registry was not asked. */
  integrity: z
    .string()
    .regex(/^sha512-[A-Za-z0-9+/]{86}==$/)
    .optional(),
})
