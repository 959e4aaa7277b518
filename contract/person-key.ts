import { z } from 'zod'
import { Signer } from './person.ts'
import { Instant } from './time.ts'

/**
 * A key by which a person approves from then on. The first one of a person is taken at its word and stands in the ledger for everybody to see;
 * every later one is signed by the one before, so that whoever can write files cannot put a key of their own in its place.
 */
export const PersonKey = z.strictObject({
  id: z.string(),
  at: Instant,
  person: z.string(),
  /** A line of a `.pub` file. */
  key: z.string().max(6_000),
  /** The record that it takes the place of. */
  replaces: z.string().nullable(),
  /** By the key itself over the enrolment statement; and by the one that it replaces. Armoured SSH signatures. */
  proof: z.string().max(20_000),
  vouched: z.string().max(20_000).nullable(),
  signer: Signer,
})
export type PersonKey = z.infer<typeof PersonKey>
