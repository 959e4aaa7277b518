import { z } from 'zod'
import { Freeze, MaintenanceWindow } from '../maintenance-window.ts'

const at = { kind: z.literal('set-calendar'), path: z.string() }

/**
 * Have `upkeep.yaml` declare a window or a freeze otherwise, or no longer. Can be undone. `was` is the entry as it stood there, null for a new
 * one; `to` is what is to stand in its place, null for nothing.
 */
export const SetCalendar = z.discriminatedUnion('list', [
  z.strictObject({
    ...at,
    list: z.literal('windows'),
    was: MaintenanceWindow.nullable(),
    to: MaintenanceWindow.nullable(),
  }),
  z.strictObject({ ...at, list: z.literal('freezes'), was: Freeze.nullable(), to: Freeze.nullable() }),
])
export type SetCalendar = z.infer<typeof SetCalendar>
