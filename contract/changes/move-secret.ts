import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

/** Where in an entry a secret stands. `index` counts arguments from 0, of as many as there were: from the end the place stays the same. */
export const SecretPlace = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('env'), name: z.string().max(200) }),
  z.strictObject({ in: z.literal('header'), name: z.string().max(200) }),
  z.strictObject({ in: z.literal('argument'), index: z.int().nonnegative(), of: z.int().positive().max(10_000) }),
])
export type SecretPlace = z.infer<typeof SecretPlace>

/**
 * Take a secret out of an entry: into a file of its owner's own with the mode 0600, or into a store where the person keeps it already
 * and which a reference names. Can be undone. The secret itself is no part of it.
 */
export const MoveSecret = z.strictObject({
  kind: z.literal('move-secret'),
  ...namedEntry,
  secret: SecretPlace,
  to: z.discriminatedUnion('store', [
    z.strictObject({ store: z.literal('file') }),
    z.strictObject({ store: z.literal('reference'), text: z.string().min(1).max(300) }),
  ]),
})
