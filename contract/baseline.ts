import { z } from 'zod'
import { Signer } from './person.ts'
import { Digest } from './run.ts'
import { Subject } from './subject.ts'
import { Instant } from './time.ts'

/** An approved state: which observations a person took as right, for which servers. The newest baseline of a server counts. */
export const Baseline = z.strictObject({
  id: z.string(),
  at: Instant,
  reason: z.string().min(1).max(2_000),
  servers: z.array(z.strictObject({ subject: Subject, approved: Digest.nullable() })),
  signer: Signer,
})
export type Baseline = z.infer<typeof Baseline>
