import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

/** Switch an entry off; where its client has no switch the entry is taken out. Can be undone. */
export const DisableServer = z.strictObject({ kind: z.literal('disable-server'), ...namedEntry })
