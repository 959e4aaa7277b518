import { z } from 'zod'
import { Digest } from './run.ts'
import { Instant } from './time.ts'

/** The types of record that are sealed: each record is one leaf of the ledger. */
export const SealedType = z.enum([
  'run',
  'finding',
  'acceptance',
  'baseline',
  'attestation',
  'consent',
  'change',
  'person-key',
  'key',
])
export type SealedType = z.infer<typeof SealedType>

/** A public key in one line, as the signed-note format writes it: name, the first bytes of its hash, base64. */
export const KeyLine = z.string().max(500)

/**
 * A key that signs checkpoints from this leaf on. The first one is signed by itself, every later one also by the key it replaces:
 * Ed25519 over the UTF-8 of `upkeep key record`, a line feed, and the canonical form of the record without `signatures`.
 */
export const LedgerKey = z.strictObject({
  id: z.string(),
  at: Instant,
  origin: z.string().max(200),
  key: KeyLine,
  replaces: KeyLine.nullable(),
  signatures: z.array(z.strictObject({ key: KeyLine, signature: z.base64() })).max(2),
})
export type LedgerKey = z.infer<typeof LedgerKey>

/** A record in a pack, with its leaf's index. The leaf is SHA-256 over a zero byte and the canonical form of `{record, type}`. */
export const PackedRecord = z.strictObject({
  index: z.int().nonnegative(),
  type: SealedType,
  id: z.string(),
  record: z.record(z.string(), z.unknown()),
})
export type PackedRecord = z.infer<typeof PackedRecord>

/**
 * What is handed to a stranger: every leaf hash and every checkpoint of a ledger, and all or some of its records with the objects that
 * they name. `scope` says what was left out; key records never are.
 */
export const EvidencePack = z.strictObject({
  format: z.literal('upkeep-evidence-pack/1'),
  origin: z.string(),
  practice: z.boolean(),
  exportedAt: Instant,
  scope: z.strictObject({ since: Instant.nullable(), duty: z.string().nullable() }),
  keys: z.array(KeyLine),
  checkpoints: z.array(z.string()),
  leaves: z.array(Digest),
  records: z.array(PackedRecord),
  /** Canonical text by its SHA-256. */
  objects: z.record(Digest, z.string()),
})
export type EvidencePack = z.infer<typeof EvidencePack>
