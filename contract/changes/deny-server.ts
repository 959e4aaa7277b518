import { z } from 'zod'

/** Put a server on the list of those that Claude Code starts for nobody on this machine. Can be undone. `path` is the file of managed settings. */
export const DenyServer = z.strictObject({
  kind: z.literal('deny-server'),
  path: z.string(),
  name: z.string().min(1).max(300),
})
