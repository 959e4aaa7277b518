import { z } from 'zod'

/**
 * From where a server can be reached. `open`: from beyond this machine, and nobody is asked who they are. `guarded`: from beyond this
 * machine, with a credential. `machine`: from this machine only. `client`: only by the client that starts it.
 */
export const ServerExposure = z.enum(['open', 'guarded', 'machine', 'client'])
export type ServerExposure = z.infer<typeof ServerExposure>

/** One row of a table of due dates: when these four are so, this many days. */
export const UrgencyRow = z.strictObject({
  row: z.int().min(1).max(1_000),
  exploited: z.boolean(),
  exposure: ServerExposure,
  automatable: z.boolean(),
  impact: z.enum(['partial', 'total']),
  /** Null: with the next upgrade. */
  days: z.int().min(0).max(3_650).nullable(),
  /** Whether traces are to be kept before anything is changed: it may have been used already. */
  evidenceFirst: z.boolean(),
})
export type UrgencyRow = z.infer<typeof UrgencyRow>

/** The table by which due dates are worked out. */
export const UrgencyTable = z.strictObject({
  id: z.string().min(1).max(100),
  version: z.int().positive(),
  title: z.string().max(300),
  rows: z.array(UrgencyRow).max(1_000),
})
export type UrgencyTable = z.infer<typeof UrgencyTable>
