import { z } from 'zod'

/**
 * Since when each credential of a server is known, by the runs that are kept: a value is the same as long as its keyed hash is. What was
 * there at the first look may be older than any look.
 */
export const CredentialHistory = z.strictObject({
  /** When the server was first looked at; null when this is the first time. */
  since: z.string().nullable(),
  credentials: z.array(
    z.strictObject({
      fingerprint: z.string(),
      firstSeenAt: z.string(),
      /** True when an earlier look had another value or none: it began after that look. */
      beganWithinHistory: z.boolean(),
    }),
  ),
})
export type CredentialHistory = z.infer<typeof CredentialHistory>
