import { z } from 'zod'
import { Digest } from './run.ts'

const text = z.string().max(1_000)
const names = z.array(text).max(2_000)

/** What comes and what goes of one kind of thing. */
const Delta = z.strictObject({ added: names, removed: names })

/** What a server offers before and after: seen in the sandbox, never taken from what it is said to offer. */
const SurfaceDelta = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('compared'),
    was: z.int().nonnegative().nullable(),
    is: z.int().nonnegative().nullable(),
    /** What it offers after it, by meaning. Left out by versions that did not record it, and where the server is gone. */
    fingerprint: Digest.optional(),
    changes: z
      .array(
        z.strictObject({
          kind: z.string().max(60),
          of: text.nullable(),
          path: text,
          was: text,
          is: text,
        }),
      )
      .max(2_000),
  }),
  /** Nothing that is started changes. */
  z.strictObject({ state: z.literal('not-touched') }),
  z.strictObject({ state: z.literal('unknown'), reason: text }),
])

/** What a change means for one server. */
export const ServerImpact = z.strictObject({
  server: z.string().max(500),
  client: z.string().max(60),
  path: z.string().max(4_000),
  is: z.enum(['added', 'removed', 'changed']),
  surface: SurfaceDelta,
  /** How its entry differs: command, arguments, folder, settings. Hidden values are named, never quoted. */
  entry: z.array(z.strictObject({ at: text, was: text, is: text })).max(500),
  roots: Delta,
  variables: Delta,
  /** Tools that are called without asking. */
  unasked: Delta,
  /** Hosts that its declaration names, and those that it tried to reach in the sandbox. */
  egress: Delta,
  /** What it opened to listen on in the sandbox. */
  listeners: Delta,
  /** Packages as `name@version`. */
  components: z.union([Delta, z.strictObject({ unknown: text })]),
  runtime: z.strictObject({ was: text.nullable(), is: text.nullable() }),
  advisories: z.strictObject({ closed: names, opened: names, left: names }),
})
export type ServerImpact = z.infer<typeof ServerImpact>

/** Untrusted text in, private data at hand and a way out, together in the servers of one client: whoever writes the text can have the data. */
export const Combination = z.strictObject({
  client: z.string().max(60),
  path: z.string().max(4_000),
  untrusted: names,
  private: names,
  outbound: names,
})
export type Combination = z.infer<typeof Combination>

/** What a change means before it is made: drawn from what was seen before and what would be seen after. The same input gives the same sheet. */
export const ImpactSheet = z.strictObject({
  format: z.literal('upkeep-impact-sheet/1'),
  /** SHA-256 of the plan's canonical form. */
  plan: Digest,
  servers: z.array(ServerImpact).max(500),
  files: names,
  /** Combinations that are there after it and were not before. */
  newCombinations: z.array(Combination).max(500),
  affected: z.strictObject({ clients: names, people: names }),
  controls: names,
  tests: names,
  risk: z.enum(['low', 'medium', 'high']),
  approvals: z.int().min(1).max(5),
  why: names,
  /** What the sheet cannot say, and why. */
  unknown: names,
  /** For somebody who has to decide and does not know the servers. */
  inWords: z.string().max(4_000),
})
export type ImpactSheet = z.infer<typeof ImpactSheet>
