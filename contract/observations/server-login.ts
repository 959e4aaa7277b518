import { z } from 'zod'
import { Instant } from '../time.ts'

/** A login that a person gave upkeep for a remote server, without anything that opens it. */
export const ServerLogin = z.strictObject({
  /** The address that the token is for, as it may be shown. */
  url: z.string(),
  issuer: z.string(),
  /** Where the token is kept: the keyring of the system, or an encrypted file in the state folder. */
  kept: z.enum(['keyring', 'file']),
  /** Why the token cannot be read back; null when it can. */
  unreadable: z.string().nullable(),
  obtainedAt: Instant,
  /** When the token ends; null where its authorization server did not say. */
  expiresAt: Instant.nullable(),
  /** Whether there is a refresh token to get a new one with. */
  refreshable: z.boolean(),
  /** What came of the last attempt to refresh it; null when there was none. */
  lastRefresh: z.strictObject({ at: Instant, outcome: z.enum(['refreshed', 'failed']), reason: z.string() }).nullable(),
})
export type ServerLogin = z.infer<typeof ServerLogin>
