import { z } from 'zod'

/**
 * Put an installed tree back to what its packages were published as, from the archives that are kept here by their digests. `path` is the folder
 * that holds its `node_modules`. Can be undone: what the altered files were is kept like the bytes of any change.
 */
export const RestorePackageTree = z.strictObject({
  kind: z.literal('restore-package-tree'),
  path: z.string(),
  server: z.string(),
  project: z.string().nullable().optional(),
  packages: z
    .array(
      z.strictObject({
        /** Relative to `path`, as npm's own list of the tree names the place. */
        at: z.string().regex(/^node_modules\/(?!.*(?:^|\/)\.\.(?:\/|$))[^\0\\]{1,1000}$/),
        name: z.string().max(214),
        version: z.string().max(256),
        integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
        /** Whether its installation runs scripts of its own: what they make is no part of the archive, and is left. */
        scripts: z.boolean(),
      }),
    )
    .min(1)
    .max(2_000),
})
