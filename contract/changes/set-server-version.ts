import { z } from 'zod'

/** Make a client's entry start another version of the same package. Can be undone: the file's former bytes are kept. */
export const SetServerVersion = z.strictObject({
  kind: z.literal('set-server-version'),
  path: z.string(),
  server: z.string(),
  /** Of an entry that only one project has. */
  project: z.string().nullable().optional(),
  package: z.string(),
  from: z.string().nullable(),
  to: z.string(),
})
