import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

/** Take an entry out of its client's file. Can be undone. */
export const RemoveServer = z.strictObject({ kind: z.literal('remove-server'), ...namedEntry })
