import { z } from 'zod'
import { DeclaredServer } from './observations/declared-server.ts'

/** The parts of an entry that a change sets, as an observation holds them: what could be a secret is a keyed hash. */
export const EntryParts = DeclaredServer.omit({
  client: true,
  scope: true,
  path: true,
  name: true,
  project: true,
}).partial()
export type EntryParts = z.infer<typeof EntryParts>

const named = { path: z.string(), server: z.string(), project: z.string().nullable() }

/**
 * What a change makes of one entry. By it what is seen later is told from what somebody else wrote, also where the values are hidden. Of
 * `env`, `headers` and `other` it has only the names whose values differ; of everything else the whole part.
 */
export const EntryChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('added'), ...named, is: DeclaredServer }),
  z.strictObject({ kind: z.literal('removed'), ...named }),
  z.strictObject({ kind: z.literal('changed'), ...named, was: EntryParts, is: EntryParts }),
])
export type EntryChange = z.infer<typeof EntryChange>
