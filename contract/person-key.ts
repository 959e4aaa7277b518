import { z } from 'zod'
import { Signer } from './person.ts'
import { Instant } from './time.ts'

/**
 * A key by which a person approves from then on. The first one of a person is taken at its word and stands in the ledger for everybody to see;
 * every later one is signed by one in force, so that whoever can write files cannot put a key of their own in its place.
 */
export const PersonKey = z.strictObject({
  id: z.string(),
  at: Instant,
  person: z.string(),
  /** A line of a `.pub` file, or a passkey: `passkey <algorithm> <public key> <credential id> <origin>`. */
  key: z.string().max(6_000),
  /** The record that it takes the place of. Null for the first one, and for one that counts beside those that are there. */
  replaces: z.string().nullable(),
  /** By the key itself over the enrolment statement; and by one that was in force. Armoured SSH signatures, or WebAuthn assertions. */
  proof: z.string().max(20_000),
  vouched: z.string().max(20_000).nullable(),
  signer: Signer,
})
export type PersonKey = z.infer<typeof PersonKey>
