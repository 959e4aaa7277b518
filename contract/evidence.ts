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

const Path = z.array(Digest).max(64)

/**
 * One record, and the hashes that lead from its leaf to the root that the newest signed head states (RFC 9162, 2.1.3): whoever has it needs
 * nothing else of the ledger. `keys` are all keys of the ledger, each with its own path to the same root; `earlier`, where it was asked for,
 * shows a head of that size to be the beginning of this one (2.1.4).
 */
export const RecordProof = z.strictObject({
  format: z.literal('upkeep-record-proof/1'),
  origin: z.string(),
  practice: z.boolean(),
  ...PackedRecord.shape,
  path: Path,
  /** The head, as a signed note. */
  checkpoint: z.string(),
  keys: z.array(z.strictObject({ index: z.int().nonnegative(), record: LedgerKey, path: Path })).max(1_000),
  earlier: z.strictObject({ size: z.int().nonnegative(), path: Path }).nullable(),
})
export type RecordProof = z.infer<typeof RecordProof>
