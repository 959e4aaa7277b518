import { z } from 'zod'
import { Digest } from '../run.ts'
import { Instant } from '../time.ts'

/** What a probe of a server's own bytes tries: a weakness by the ids of its advisories, or a control by name. */
export const Tried = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('weakness'), ids: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('control'), control: z.string() }),
])
export type Tried = z.infer<typeof Tried>

/**
 * What one probe of a server's bytes came to. `held`: the attack was made and did not work (BLOCKED). `broken`: it worked (ESCAPED).
 * `inconclusive`: it could not be made, or the attempts do not agree. `not-applicable`: there is nothing that it could work on. `transcript` is what was said, cut at a stated length.
 */
export const ServerProbeResult = z.strictObject({
  probe: z.string(),
  version: z.int().positive(),
  title: z.string(),
  tries: Tried,
  /** What it tests, in ids or sentences of others; left out by earlier versions. */
  cites: z.array(z.string()).optional(),
  /** When it was made, where that is not when the others were. */
  at: Instant.optional(),
  outcome: z.enum(['held', 'broken', 'inconclusive', 'not-applicable']),
  detail: z.string(),
  attempts: z.int().positive(),
  transcript: z.array(z.strictObject({ sent: z.string(), received: z.string() })),
})
export type ServerProbeResult = z.infer<typeof ServerProbeResult>

/** Probes of one server's bytes in the sandbox. They hold for these bytes under this command line, whenever they were made. */
export const ServerProbes = z.strictObject({
  command: Digest,
  bytes: Digest,
  /** When they were made. */
  at: Instant,
  backend: z.strictObject({ id: z.string(), version: z.string(), isolates: z.array(z.string()) }),
  /** Names of variables and arguments that held a stand-in instead of what the client gives. */
  standIns: z.array(z.string()),
  results: z.array(ServerProbeResult),
})
export type ServerProbes = z.infer<typeof ServerProbes>
