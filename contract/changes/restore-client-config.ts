import { z } from 'zod'
import { Instant } from '../time.ts'
import { namedEntry } from './named-entry.ts'

/** A copy of a client's file that was kept: by a change that was made or taken back, or when a state was approved. */
export const KeptCopy = z.strictObject({
  /** The change or the baseline that kept it. */
  of: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  name: z.string().regex(/^[a-z0-9-]{1,80}$/),
  /** SHA-256 of its bytes. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** When the file was so. */
  at: Instant,
})
export type KeptCopy = z.infer<typeof KeptCopy>

/**
 * Put an entry back to what a kept copy of its file says: changed back, put in again, or taken out. Where the file is gone, or cannot be read as
 * its client's, the whole copy is put back. Can be undone. Nothing of the copy is part of it.
 */
export const RestoreClientConfig = z.strictObject({
  kind: z.literal('restore-client-config'),
  ...namedEntry,
  kept: KeptCopy,
})
