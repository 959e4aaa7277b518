import { z } from 'zod'

/** A folder or file of this machine that a confined server sees, at its own path. */
export const ConfinedPlace = z.strictObject({
  path: z.string().regex(/^\//).max(1_000),
  access: z.enum(['read', 'write']),
  /** Why it is seen: an argument of the entry names it, or a person asked for it. */
  named: z.enum(['argument', 'person']),
})
export type ConfinedPlace = z.infer<typeof ConfinedPlace>

/** What was seen of a server in the sandbox, and what its profile rests on. */
export const LearnedUse = z.strictObject({
  /** Golden calls that were made. */
  calls: z.int().nonnegative(),
  /** Tools by name, sorted. Null where it did not list any. */
  listed: z.array(z.string().max(200)).max(1_000).nullable(),
  called: z.array(z.string().max(200)).max(1_000),
  /** Whether system calls were watched: where not, only the entry says what it needs. */
  watched: z.boolean(),
  /** Addresses that it tried to reach, sorted. */
  reached: z.array(z.string().max(400)).max(200),
  /** Programs that it started, sorted. */
  ran: z.array(z.string().max(400)).max(200),
  /** Places of this machine that it looked for and that nothing of the entry names, sorted. They are not given. */
  lookedFor: z.array(z.string().max(400)).max(200),
})
export type LearnedUse = z.infer<typeof LearnedUse>

/**
 * What one entry's server may see and reach: everything else of the machine is not there for it. Holds no secret. The SHA-256 of its
 * canonical form stands in the command line that starts the server; a profile that says anything else starts nothing.
 */
export const ConfinementProfile = z.strictObject({
  format: z.literal('upkeep-confinement/1'),
  server: z.string().min(1).max(512),
  /** The command line that is confined, word by word; null where a word may hold a secret or is filled in by the client: any will do there. */
  words: z.array(z.string().max(4_000).nullable()).min(1).max(1_000),
  start: z.strictObject({
    runtime: z.enum(['node', 'python', 'none']),
    /** What is started, in the place of the launcher: nothing is fetched. */
    file: z.string().regex(/^\//),
    /** The folder of the Python packages that it needs. */
    packages: z.string().nullable(),
    /** Folders in which its runtime is looked for first. */
    searches: z.array(z.string()).max(10),
    /** The first of `words` that is the server's own argument. */
    ownFrom: z.int().positive(),
  }),
  /** Folders of the program itself, read-only. */
  program: z.array(z.string()).min(1).max(50),
  /** Sorted by path. */
  places: z.array(ConfinedPlace).max(200),
  /** `open`: this machine's own network, whole: hosts cannot be told apart. `none`: no address is in reach, this machine's own included. */
  network: z.enum(['none', 'open']),
  /** Names of variables that are handed on; of all others nothing. */
  variables: z.array(z.string().max(200)).max(500),
  learned: LearnedUse,
})
export type ConfinementProfile = z.infer<typeof ConfinementProfile>
