import { z } from 'zod'
import { Digest } from '../run.ts'
import { Instant } from '../time.ts'
import { Era } from './tool-surface.ts'

/** One start of the server in one era of the protocol. Each is fresh: nothing is left of the one before. */
export const ServerTrial = z.strictObject({
  era: Era,
  /** Whether every connection, listening socket and started program was on record. It costs time: resources count from the others. */
  watched: z.boolean(),
  state: z.enum(['answered', 'refused']),
  /** Why it did not answer; empty where it did. */
  detail: z.string(),
  protocolVersion: z.string().nullable(),
  tools: z.int().nonnegative().nullable(),
  /** The meaning of all that it listed. */
  surface: Digest.nullable(),
  /** How it ended: `stopped` by us, or by itself, or at the limit that it hit. */
  ended: z.string(),
  wallMs: z.int(),
  cpuMs: z.int().nullable(),
  peakMemoryBytes: z.int().nullable(),
  /** What could not be killed or removed afterwards. */
  leftBehind: z.array(z.string()),
})
export type ServerTrial = z.infer<typeof ServerTrial>

/** What it tried, as the kernel saw it; repeats during the same request are counted. */
export const ServerAttempt = z.strictObject({
  what: z.enum(['connect', 'execute', 'write', 'listen', 'read-outside']),
  target: z.string(),
  allowed: z.boolean(),
  /** The request that was being answered, `start` before the first one; null where none was. */
  during: z.string().nullable(),
  /** Milliseconds since the start, of the first. */
  atMs: z.int(),
  times: z.int().positive(),
})
export type ServerAttempt = z.infer<typeof ServerAttempt>

/** A server's own bytes run in the sandbox, without network and secrets. It holds for these bytes under this command line. */
export const ServerTests = z.strictObject({
  command: Digest,
  bytes: Digest,
  at: Instant,
  backend: z.strictObject({ id: z.string(), version: z.string(), isolates: z.array(z.string()) }),
  /** Names of variables and arguments that held a stand-in; and which of them turned up in what it said or tried. */
  standIns: z.array(z.string()),
  standInsSeen: z.array(z.string()),
  trials: z.array(ServerTrial),
  calls: z.array(
    z.strictObject({
      id: z.string(),
      tool: z.string(),
      /** Whether there is a record to hold it against; without one it can only be flaky. */
      recorded: z.boolean(),
      state: z.enum(['same', 'different', 'flaky']),
      kind: z.string().nullable(),
      was: z.string(),
      is: z.string(),
      /** For a tool that is gone: the likely new name, a guess. */
      likelyNow: z.string().optional(),
    }),
  ),
  /** Null where nothing watched: then it is not known. `attemptsCut` when there was more than is kept, or a way that is not seen into. */
  attempts: z.array(ServerAttempt).nullable(),
  attemptsCut: z.boolean(),
  /** What was said in the watched start, cut at a stated length. */
  transcript: z.array(z.strictObject({ way: z.enum(['in', 'out']), atMs: z.int(), line: z.string() })),
  /** What was not tested, in words. */
  notTested: z.array(z.string()),
})
export type ServerTests = z.infer<typeof ServerTests>
