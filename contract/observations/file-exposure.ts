import { z } from 'zod'
import { Instant } from '../time.ts'

/** Who else can read or write a configuration file, by its own mode and by every folder on the way to it. */
export const FileExposure = z.strictObject({
  path: z.string(),
  /** Where symbolic links lead, when they do. */
  realPath: z.string(),
  mode: z.string(),
  uid: z.int(),
  gid: z.int(),
  owner: z.string().nullable(),
  /** True when the owner is the person whose home it is. */
  ownedByUser: z.boolean(),
  /** When content, mode or owner last changed, by the file system: unlike the time of writing nobody can set it back. */
  changedAt: Instant.optional(),
  readableBy: z.array(z.enum(['group', 'everyone'])),
  writableBy: z.array(z.enum(['group', 'everyone'])),
  /** Folders on the way that others can write, so that the file can be replaced; sticky folders are not listed. */
  replaceableThrough: z.array(
    z.strictObject({ path: z.string(), mode: z.string(), by: z.enum(['group', 'everyone', 'other-user']) }),
  ),
  /** Where the file holds values that look like secrets: server, place, kind. Never values. */
  secrets: z.array(z.strictObject({ server: z.string(), where: z.string(), kind: z.string() })),
})
export type FileExposure = z.infer<typeof FileExposure>
