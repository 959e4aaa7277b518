import { z } from 'zod'
import { Digest } from './run.ts'
import { Instant } from './time.ts'

/** What set an emergency off: a finding, or the word of a person about a server. */
export const EmergencyTrigger = z.strictObject({
  kind: z.enum(['finding', 'server']),
  name: z.string().max(500),
  fingerprint: z.string().nullable(),
})
export type EmergencyTrigger = z.infer<typeof EmergencyTrigger>

/** A server that has, or had, what the emergency is about. */
export const AffectedServer = z.strictObject({
  server: z.string().describe('The id of the server'),
  name: z.string().max(300),
  /** What it has or had: `npm mcp-remote 0.1.15`; null where it is named for itself. */
  part: z.string().max(500).nullable(),
  since: Instant.nullable(),
  /** When it was last seen there; null: it is there now. */
  until: Instant.nullable(),
})
export type AffectedServer = z.infer<typeof AffectedServer>

/** What was kept of the world before the first write: an object by its digest. */
export const CapturedEvidence = z.strictObject({
  name: z.string().max(200),
  digest: Digest,
  count: z.int().nonnegative(),
})
export type CapturedEvidence = z.infer<typeof CapturedEvidence>
