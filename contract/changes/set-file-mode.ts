import { z } from 'zod'

/** Give a file another mode, in octal as `chmod` takes it. Can be undone. */
export const SetFileMode = z.strictObject({
  kind: z.literal('set-file-mode'),
  path: z.string(),
  from: z.string(),
  to: z.string(),
})
