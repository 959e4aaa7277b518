import { z } from 'zod'
import { LockedServer } from '../lock-file.ts'
import { Instant } from '../time.ts'

/** What `upkeep.lock` says of one server, and what is to be done where it is not so. */
export const DesiredServer = z.strictObject({
  lock: z.string(),
  /** When the lock was written: what approved changes did later is as it shall be. */
  since: Instant,
  mode: z.enum(['observe', 'propose', 'enforce']),
  /** Null where the lock does not have the server. */
  locked: LockedServer.nullable(),
  /** The folders that stand for others in a lock, on this machine. */
  folders: z.strictObject({ home: z.string(), here: z.string() }),
})
export type DesiredServer = z.infer<typeof DesiredServer>
