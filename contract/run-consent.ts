import { z } from 'zod'
import { Signer } from './person.ts'
import { Digest } from './run.ts'
import { Subject } from './subject.ts'
import { Instant } from './time.ts'

/**
 * A person's leave to run one exact command with one exact set of bytes in the sandbox. It holds for that pair alone: another argument,
 * another byte, and it is void.
 */
export const RunConsent = z.strictObject({
  id: z.string(),
  at: Instant,
  subject: Subject,
  /** `RunPlan.command` and `RunPlan.bytes`, as they were. */
  command: Digest,
  bytes: Digest,
  /** The command line as it was shown. */
  shown: z.string().max(4_000),
  /** A consent that takes another back. */
  withdraws: z.string().nullable(),
  signer: Signer,
})
export type RunConsent = z.infer<typeof RunConsent>
