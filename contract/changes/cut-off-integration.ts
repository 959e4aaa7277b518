import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

/**
 * Take one reference to an integration away: the entry of a server that is bound to it, what else in a client's file names that server, or
 * the secret that our launcher read for it. Can be undone. What stands in a file that is not edited is listed instead.
 */
export const CutOffIntegration = z.strictObject({
  kind: z.literal('cut-off-integration'),
  ...namedEntry,
  /** What is cut off, as it was asked for: a vendor, a host, or a server. */
  integration: z.string().min(1).max(253),
  reference: z.enum(['entry', 'mention', 'secret']),
})
