import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

const start = z
  .int()
  .nonnegative()
  .max(1 << 20)
const length = z
  .int()
  .positive()
  .max(1 << 20)
const name = z.string().max(200)

/**
 * Where in an entry a credential stands: the part of a value from `start` on, counted in UTF-16 units, or whatever our launcher fetches
 * under a name. `index` counts arguments from 0, of as many as there were: from the end the place stays the same.
 */
export const CredentialPlace = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('env'), name, start, length }),
  z.strictObject({ in: z.literal('header'), name, start, length }),
  z.strictObject({
    in: z.literal('argument'),
    index: z.int().nonnegative(),
    of: z.int().positive().max(10_000),
    start,
    length,
  }),
  z.strictObject({ in: z.literal('url'), start, length }),
  z.strictObject({ in: z.literal('launched'), name }),
])
export type CredentialPlace = z.infer<typeof CredentialPlace>

/**
 * Put a new credential in the place of an old one. The files can be taken back; what was revoked stays revoked. Neither of the two is part of
 * it: the old one is named by its keyed hash, the new one by where it is found.
 */
export const RotateCredential = z.strictObject({
  kind: z.literal('rotate-credential'),
  ...namedEntry,
  at: CredentialPlace,
  /** Keyed hash of the old one, or of the reference that stands in its place. */
  was: z.string().regex(/^[0-9a-f]{16}$/),
  to: z.discriminatedUnion('is', [
    /** A value: `env:NAME`, `file:/path`, or `typed:<keyed hash>` for one that a person typed at the terminal. */
    z.strictObject({ is: z.literal('value'), from: z.string().regex(/^(?:env:|file:\/|typed:)\S{1,500}$/) }),
    /** A reference that the client expands, or of a store that our launcher asks. */
    z.strictObject({ is: z.literal('reference'), text: z.string().min(1).max(300) }),
  ]),
  /** Whether the issuer is asked to end the old one (RFC 7009) once the new one was seen to work. */
  revoke: z.boolean(),
  /** The client that the old one was issued to, where the issuer wants to be told. */
  clientId: z.string().max(2_000).optional(),
})
