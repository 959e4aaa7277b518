import type { Baseline } from '@upkeep/contract/baseline'
import type { ChangeStep } from '@upkeep/contract/change-step'
import type { Acceptance, Finding } from '@upkeep/contract/finding'
import type { Attestation } from '@upkeep/contract/person'
import type { PersonKey } from '@upkeep/contract/person-key'
import type { Run } from '@upkeep/contract/run'
import type { RunConsent } from '@upkeep/contract/run-consent'
import type { ObservedParts } from '@upkeep/domain/observed-parts'
import type { Deliveries } from './deliveries.ts'
import type { Requests } from './requests.ts'
import type { Leases, Rounds } from './rounds-and-leases.ts'
import type { Tickets } from './tickets.ts'
import type { Tokens } from './tokens.ts'

/** The types of record that are sealed: one leaf of the ledger each. */
export const recordTypes = [
  'run',
  'finding',
  'acceptance',
  'baseline',
  'attestation',
  'consent',
  'change',
  'person-key',
  'key',
] as const
export type RecordType = (typeof recordTypes)[number]

/** A key record, as far as the store reads it. */
export interface KeyRecord {
  readonly id: string
  readonly at: string
  readonly [field: string]: unknown
}

/** Bytes named by their own SHA-256. Text in and out is the canonical form; how it lies on the disk is the store's affair. */
export interface Objects {
  /** Stores the text once and returns its digest; again is no change. */
  put(canonicalText: string): Promise<string>
  /** As `put`, for many; digests in the order given. */
  putMany(canonicalTexts: readonly string[]): Promise<string[]>
  /** Null when there is none. Throws UserError `evidence-invalid` when what is stored no longer hashes to its name. */
  get(digest: string): Promise<string | null>
  /** As `get`, for many at once; digests that are not there are left out. */
  getMany(digests: readonly string[]): Promise<Map<string, string>>
  /** All digests, sorted. */
  digests(): Promise<string[]>
  /** Digests whose stored bytes no longer hash to them, sorted. Reads every object. */
  altered(): Promise<string[]>
}

/** What one observation shows of packages, by its digest. */
export interface IndexedParts extends ObservedParts {
  readonly observation: string
}

/** An observation that shows a package. */
export interface PackageHolder {
  readonly observation: string
  readonly package: string
  readonly version: string | null
  readonly how: string
}

/** Which packages observations show. Drawn from the objects and never sealed: what rests on it reads the objects that it names. */
export interface Components {
  /** Those that are there already are left as they are. */
  add(entries: readonly IndexedParts[]): Promise<void>
  /** How much each observation is known to show; those that were never drawn are left out. */
  known(digests: readonly string[]): Promise<Map<string, ObservedParts['knowledge']>>
  /** Every observation, of any time, that shows one of these packages. */
  holding(keys: readonly string[]): Promise<PackageHolder[]>
}

/** The order of a record table is the order of appending, never the clock. An id that is there already is an error. */
interface Appends<Item> {
  append(record: Item): Promise<void>
  appendMany(records: readonly Item[]): Promise<void>
  /** Null when there is none. */
  get(id: string): Promise<Item | null>
}

export interface Runs extends Appends<Run> {
  /** The newest completed run of a duty. With `notAfter`: the one that started last at or before then. */
  latestCompleted(dutyId: string, notAfter?: string): Promise<Run | null>
  /** The completed run that began first after a moment: only a clock that went back leaves one after now. */
  firstCompletedAfter(dutyId: string, after: string): Promise<Run | null>
  /** The newest record of missed periods. With `sinceRun`: only if it was appended after that run. */
  latestMissed(dutyId: string, sinceRun?: string): Promise<Run | null>
  /** Newest first. */
  list(options?: { duty?: string; limit?: number; offset?: number }): Promise<Run[]>
}

/** One record of a finding, as far as its columns say it. */
export interface FindingTurn {
  readonly fingerprint: string
  readonly state: string
  readonly at: string
}

export interface Findings extends Appends<Finding> {
  /** The newest record of each fingerprint, resolved ones too, oldest first. */
  current(): Promise<Finding[]>
  /** Every record of one fingerprint, oldest first. */
  history(fingerprint: string): Promise<Finding[]>
  /** Of each finding that ever came back what became of it and when, in its order: the columns alone. */
  cameBack(): Promise<FindingTurn[]>
  /** What of `current` was appended after a place in the order of appending (0: all of it), and the last place that is taken. */
  since(place: number): Promise<{ readonly last: number; readonly findings: Finding[] }>
}

/** Records of which all are wanted, oldest first. */
export interface Listed<Item> extends Appends<Item> {
  list(): Promise<Item[]>
}

export interface Changes extends Appends<ChangeStep> {
  /** Every step of one change, in order. */
  steps(change: string): Promise<ChangeStep[]>
  /** Ids of the changes that are not closed, in the order in which they were proposed. */
  open(): Promise<string[]>
  /** Ids of all changes, the newest first. */
  list(options?: { limit?: number; offset?: number }): Promise<string[]>
}

/** An index column that does not say what its record's body says. */
export interface ColumnMismatch {
  readonly type: RecordType
  readonly id: string
  readonly column: string
}

/** Records of any type, as stored. */
export interface Records {
  /** The canonical body text as stored, unread; null when there is none. */
  get(type: RecordType, id: string): Promise<string | null>
  /** Ids in the order of appending. */
  ids(type: RecordType): Promise<string[]>
  /** Extracts every index column from its body again and names those that differ, and bodies that are not JSON (column `body`). */
  columnMismatches(): Promise<ColumnMismatch[]>
}

/** One leaf of the ledger. `index` counts from 0 without gaps. */
export interface LedgerLeaf {
  readonly index: number
  readonly type: RecordType
  readonly recordId: string
  readonly leafHash: string
  readonly at: string
}

export interface Ledger {
  append(leaves: readonly Omit<LedgerLeaf, 'index'>[]): Promise<void>
  /** One more than the last index. */
  size(): Promise<number>
  /** From `from` up to but without `to`. */
  range(from: number, to: number): Promise<LedgerLeaf[]>
  /** The leaf of a record: the first, where somebody wrote a second; null where there is none. */
  leafOf(type: RecordType, recordId: string): Promise<LedgerLeaf | null>
}

/** A signed tree head, as the evidence stage made it. */
export interface StoredCheckpoint {
  readonly size: number
  readonly root: string
  readonly at: string
  readonly note: string
}

export interface Checkpoints {
  append(checkpoint: StoredCheckpoint): Promise<void>
  latest(): Promise<StoredCheckpoint | null>
  /** Oldest first. */
  list(): Promise<StoredCheckpoint[]>
}

/**
 * Everything an installation remembers, in one relational schema on SQLite or PostgreSQL. Inside `transaction` use only the store that
 * `fn` is handed: the outer one throws there, since it would wait for itself.
 */
export interface Store {
  readonly kind: 'sqlite' | 'postgres'
  readonly objects: Objects
  readonly components: Components
  readonly runs: Runs
  readonly findings: Findings
  readonly acceptances: Listed<Acceptance>
  readonly baselines: Listed<Baseline>
  readonly attestations: Listed<Attestation>
  readonly consents: Listed<RunConsent>
  readonly changes: Changes
  readonly personKeys: Listed<PersonKey>
  readonly keys: Listed<KeyRecord>
  readonly records: Records
  readonly ledger: Ledger
  readonly checkpoints: Checkpoints
  readonly rounds: Rounds
  readonly leases: Leases
  readonly requests: Requests
  readonly tokens: Tokens
  readonly deliveries: Deliveries
  readonly tickets: Tickets
  /** All or nothing; one writer at a time. Within a transaction it opens a savepoint: a caught throw undoes the inner part alone. */
  transaction<Result>(fn: (tx: Store) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Where the state lies: a folder of ours, or a PostgreSQL database. */
export type StorePlace = { readonly stateDir: string } | { readonly postgresUrl: string }
