import { z } from 'zod'

/** How changes become branches of Git repositories. */
export const BranchSettings = z.strictObject({
  mostOpen: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('How many branches may wait to be merged; a further one waits until one of them was'),
  minimumAgeDays: z
    .int()
    .min(0)
    .max(365)
    .default(3)
    .describe('How long a version must have been published before a branch is made for it, where the date is known'),
  base: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/)
    .optional()
    .describe('The branch to begin at; left out, the default branch of origin, else what is checked out'),
})
export type BranchSettings = z.infer<typeof BranchSettings>
