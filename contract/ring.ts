import { z } from 'zod'
import { Digest } from './run.ts'

/** A part of the fleet that a change reaches before the next: the first that names a home or a server takes it, the last takes the rest. */
export const Ring = z.strictObject({
  name: z.string().min(1).max(100).describe('What to call it, such as canary'),
  homes: z
    .array(z.string().min(1).max(300))
    .max(10_000)
    .optional()
    .describe('Homes by the name of their folder; one that ends in * stands for all that begin so'),
  servers: z.array(z.string().min(1).max(200)).max(10_000).optional().describe('Only entries of these names'),
  soakMinutes: z.int().min(0).max(43_200).default(0).describe('How long it has to hold before the next ring begins'),
  check: z
    .string()
    .regex(/^\//, 'an absolute path')
    .optional()
    .describe(
      'A program of yours that says whether it went well: called with the homes of the ring; any exit but 0 takes the change back',
    ),
})
export type Ring = z.infer<typeof Ring>

/** Where a change stands in a rollout. */
export const ChangeRing = z.strictObject({
  /** The same for all changes of one rollout. */
  rollout: z.string(),
  name: z.string().max(100),
  index: z.int().nonnegative(),
  of: z.int().positive(),
  soakMinutes: z.int().nonnegative(),
  homes: z.array(z.string()).max(10_000),
  check: z.string().nullable(),
  /** Of the program as it was when it was planned: another one is not run. */
  checkDigest: Digest.nullable(),
})
export type ChangeRing = z.infer<typeof ChangeRing>
