import { z } from 'zod'
import { Digest } from '../run.ts'

/** An argument or variable as the sandbox hands it over. A `stand-in` takes the place of something that may be a secret. */
export const PlannedValue = z.strictObject({ text: z.string(), standIn: z.boolean() })
export type PlannedValue = z.infer<typeof PlannedValue>

/**
 * What would be started if a declared server were run in the sandbox: the bytes that its launcher would start, without the launcher and
 * without its registry. `command` and `bytes` are what a consent names: when either changes, the consent is void.
 */
export const RunPlan = z.strictObject({
  /** Over the canonical form of command, arguments, variables and folder as declared, with keyed hashes in place of hidden values. */
  command: Digest,
  /** Over every byte of the installed tree; null where it could not be read whole: then nothing can be consented to. */
  bytes: Digest.nullable(),
  /** The command line as a person reads it, hidden values as dots. */
  shown: z.string(),
  runtime: z.enum(['node', 'python', 'none']),
  /** The file that is started. Absolute. */
  file: z.string(),
  /** The folder of the Python packages that it needs; absolute. Null for all else. */
  packages: z.string().nullable(),
  /** Folders of this machine in which its runtime is looked for first: an environment's own, or the one that the entry names. */
  searches: z.array(z.string()).optional(),
  args: z.array(PlannedValue),
  env: z.record(z.string(), PlannedValue),
  /** Folders whose bytes the program needs. Absolute; shown inside read-only, at the same path. */
  shows: z.array(z.string()),
  /** Absolute paths among the arguments: empty folders of that name are laid out, never the real ones. */
  folders: z.array(z.string()),
  /** Where the entry starts it behind walls: what its sealed profile leaves it. Left out where it is not confined. */
  confined: z
    .strictObject({
      profile: z.string(),
      /** SHA-256 of the profile's file, as the command line names it and as it is. */
      sealed: Digest,
      network: z.enum(['none', 'open']),
      /** One for each of `folders`. */
      access: z.array(z.enum(['none', 'read', 'write'])),
    })
    .optional(),
})
export type RunPlan = z.infer<typeof RunPlan>
