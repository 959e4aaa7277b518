import { z } from 'zod'

/** A moment in UTC, ISO 8601 with milliseconds and `Z`: `2026-11-22T09:30:00.000Z`. Sorts as text. */
export const Instant = z.iso.datetime({ precision: 3 })
export type Instant = z.infer<typeof Instant>

/** How often a duty is due. The guide's four cadences; an operator may change a duty's. */
export const Cadence = z.enum(['daily', 'weekly', 'monthly', 'quarterly'])
export type Cadence = z.infer<typeof Cadence>
