import { z } from 'zod'
import { LockedServer } from './lock-file.ts'
import { Instant } from './time.ts'
import { DesiredMode } from './upkeep-file.ts'

/** A desired state for other machines to pull. Its SSH signature lies beside it, in a file of the same name with `.sig`. */
export const DesiredStateFile = z.strictObject({
  format: z.literal('upkeep-desired-state/1'),
  serial: z.int().positive().describe('Higher with each edition: an older one is refused where a newer one was seen'),
  validUntil: Instant.describe('From when on it counts for nothing'),
  modes: z.array(DesiredMode).max(1_000),
  servers: z.array(LockedServer).max(10_000),
})
export type DesiredStateFile = z.infer<typeof DesiredStateFile>
