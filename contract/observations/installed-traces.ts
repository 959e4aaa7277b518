import { z } from 'zod'
import { Instant } from '../time.ts'

/** Where installed files of a server differ from the approved ones: what was written there last, and by whom, as the file system tells it. */
export const InstalledTraces = z.strictObject({
  traces: z.array(
    z.strictObject({
      /** The package or copy that differs, as the difference names it. */
      at: z.string(),
      /** The file below it that changed last. */
      path: z.string(),
      uid: z.int(),
      owner: z.string().nullable(),
      changedAt: Instant,
    }),
  ),
})
export type InstalledTraces = z.infer<typeof InstalledTraces>
