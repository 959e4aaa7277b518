import { z } from 'zod'
import { Instant } from './time.ts'

/** The name of an object in a Git repository, with SHA-1 or SHA-256. */
export const GitObjectName = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)

/** A branch by its whole name, of characters that neither Git nor a shell takes for anything else. */
export const GitBranchRef = z.string().regex(/^refs\/heads\/[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/)

const word = z.string().min(1).max(300)

/**
 * A change that becomes a branch with one commit in each repository, instead of being written into the work tree. Whoever merges it puts it
 * in force. `base` is the commit that the branch begins at; all of it together decides the names of the commits.
 */
export const ChangeBranch = z.strictObject({
  ref: GitBranchRef,
  message: z.string().min(1).max(4_000),
  author: z.strictObject({ name: word, email: word }),
  at: Instant,
  repositories: z
    .array(
      z.strictObject({
        /** The top folder of its work tree, absolute. */
        top: z.string(),
        base: GitObjectName,
        /** What the base is called, such as `main`. */
        baseName: z.string().max(300),
      }),
    )
    .min(1)
    .max(100),
})
export type ChangeBranch = z.infer<typeof ChangeBranch>
