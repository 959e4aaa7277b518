import { z } from 'zod'
import { ConfinementProfile } from '../confinement.ts'
import { namedEntry } from './named-entry.ts'

/** Make an entry start its server behind walls: the profile goes into a file, and the entry through a launcher of ours. Can be undone. */
export const ConfineServer = z.strictObject({
  kind: z.literal('confine-server'),
  ...namedEntry,
  profile: ConfinementProfile,
})
