import { z } from 'zod'
import { Instant } from './time.ts'

/** By when a finding is to be dealt with, and by which row of which table. It rests on facts that do not move: never on the time of a run. */
export const Due = z.strictObject({
  /** Null: with the next upgrade, whenever that is. */
  at: Instant.nullable(),
  /** The reason, to be read after "due 2026-11-25: ". */
  why: z.string(),
  table: z.strictObject({ id: z.string(), version: z.int().positive(), row: z.int().positive() }),
})
export type Due = z.infer<typeof Due>
