import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

const tools = z.array(z.string().max(200)).max(1_000)

/** Make these the tools that a client calls without asking; `*` is all of them. Can be undone. */
export const SetClientPermission = z.strictObject({
  kind: z.literal('set-client-permission'),
  ...namedEntry,
  from: tools,
  to: tools,
})
