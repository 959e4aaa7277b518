import { z } from 'zod'
import { namedEntry } from './named-entry.ts'

/** Where in an entry a secret stands. `index` counts arguments from 0, of as many as there were: from the end the place stays the same. */
export const SecretPlace = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('env'), name: z.string().max(200) }),
  z.strictObject({ in: z.literal('header'), name: z.string().max(200) }),
  z.strictObject({ in: z.literal('argument'), index: z.int().nonnegative(), of: z.int().positive().max(10_000) }),
])
export type SecretPlace = z.infer<typeof SecretPlace>

/** A vault of 1Password by its name, as it may stand in a reference: `Private`. */
export const OnePasswordVault = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/)
/** A folder below a KV version 2 engine of HashiCorp Vault, the mount first: `secret/mcp`. */
export const VaultFolder = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}){0,3}$/)
  .max(80)

/**
 * Where a secret goes. `file`: one of its owner's own with the mode 0600. `keyring`, `1password`, `vault`: put there, under a name that follows
 * from its entry. `reference`: the person keeps it there already, and nothing is put anywhere.
 */
export const SecretDestination = z.discriminatedUnion('store', [
  z.strictObject({ store: z.literal('file') }),
  z.strictObject({ store: z.literal('keyring') }),
  z.strictObject({ store: z.literal('1password'), vault: OnePasswordVault }),
  z.strictObject({ store: z.literal('vault'), folder: VaultFolder }),
  z.strictObject({ store: z.literal('reference'), text: z.string().min(1).max(300) }),
])
export type SecretDestination = z.infer<typeof SecretDestination>

/** Take a secret out of an entry, into a file or a store. Can be undone. The secret itself is no part of it. */
export const MoveSecret = z.strictObject({
  kind: z.literal('move-secret'),
  ...namedEntry,
  secret: SecretPlace,
  to: SecretDestination,
})
