import { z } from 'zod'
import { ChangeInput } from './change.ts'
import { ChangeBranch, GitBranchRef, GitObjectName } from './change-branch.ts'
import { EntryChange } from './entry-change.ts'
import { Money } from './money.ts'
import { ChangeRing } from './ring.ts'
import { Digest } from './run.ts'
import { Instant } from './time.ts'

/** What a file is before or after a change. `mode` is octal, as `chmod` takes it: `0644`. */
export const FileState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({
    state: z.literal('file'),
    digest: Digest,
    size: z.int().nonnegative(),
    mode: z.string().regex(/^[0-7]{4}$/),
  }),
])
export type FileState = z.infer<typeof FileState>

/** Where a ref of a Git repository stands before or after a change. */
export const RefState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({ state: z.literal('commit'), commit: GitObjectName }),
])
export type RefState = z.infer<typeof RefState>

/** What a gateway has of a server before or after a change. The entry may hold secrets: it is known by a keyed hash alone. */
export const EntryState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({ state: z.literal('entry'), fingerprint: z.string().regex(/^[0-9a-f]{16}$/) }),
])
export type EntryState = z.infer<typeof EntryState>

/** What a store has at a reference before or after a change: a secret is known by a keyed hash alone. */
export const SecretState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({ state: z.literal('secret'), fingerprint: z.string().regex(/^[0-9a-f]{16}$/) }),
])
export type SecretState = z.infer<typeof SecretState>

/**
 * One act on the world that can be taken back by itself. `shown` is the difference for a reader: lines that begin with `-`, `+` or a blank,
 * secrets hidden. The bytes are no part of it: they may hold secrets, and their digests bind them.
 */
export const PlannedEffect = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    path: z.string(),
    before: FileState,
    after: FileState,
    shown: z.array(z.string().max(2_000)).max(400),
  }),
  z.strictObject({
    kind: z.literal('git-ref'),
    /** The ref as a place: the top folder of its work tree, `#`, the ref. */
    path: z.string(),
    top: z.string(),
    ref: GitBranchRef,
    before: RefState,
    after: RefState,
    /** The files that the commit changes, by their absolute path in the work tree, and what it makes of each. */
    files: z.array(z.strictObject({ path: z.string(), before: FileState, after: FileState })).max(2_000),
    shown: z.array(z.string().max(2_000)).max(400),
  }),
  z.strictObject({
    kind: z.literal('gateway-entry'),
    /** The entry as a place: the address at which its gateway is asked for its servers, `#`, the name of the server. */
    path: z.string(),
    address: z.string(),
    server: z.string(),
    before: EntryState,
    after: EntryState,
    shown: z.array(z.string().max(2_000)).max(400),
  }),
  z.strictObject({
    kind: z.literal('stored-secret'),
    /** The secret as a place: the reference by which our launcher fetches it, such as `keyring://upkeep/cursor.gh#GH_TOKEN`. */
    path: z.string(),
    before: SecretState,
    after: SecretState,
    shown: z.array(z.string().max(2_000)).max(400),
  }),
])
export type PlannedEffect = z.infer<typeof PlannedEffect>
export type FileEffectPlanned = Extract<PlannedEffect, { kind: 'file' }>
export type RefEffectPlanned = Extract<PlannedEffect, { kind: 'git-ref' }>
export type EntryEffectPlanned = Extract<PlannedEffect, { kind: 'gateway-entry' }>
export type SecretEffectPlanned = Extract<PlannedEffect, { kind: 'stored-secret' }>

/** Which way a change takes through the gate. All ways are one path; a class only chooses the policy over it. */
export const ChangeClass = z.enum(['standard', 'normal', 'emergency'])
export type ChangeClass = z.infer<typeof ChangeClass>

/** Exactly what is asked for and what will be written. The SHA-256 of its canonical form is what a person approves. */
export const ChangePlan = z.strictObject({
  format: z.literal('upkeep-change-plan/1'),
  change: z.string(),
  class: ChangeClass,
  title: z.string().min(1).max(300),
  inputs: z.array(ChangeInput).min(1).max(500),
  /** In the order in which they are made; undone from the last to the first. */
  effects: z.array(PlannedEffect).max(2_000),
  summary: z.array(z.string().max(1_000)).max(500),
  limits: z.array(z.string().max(1_000)).max(500),
  /** What undoing cannot bring back. Empty: undoing gives back the very same bytes. */
  irreversible: z.array(z.string().max(1_000)).max(100),
  /** Fingerprints of the findings that it should close. */
  closes: z.array(z.string()).max(5_000),
  /** What becomes of entries of clients' files; left out where it is about none. */
  entries: z.array(EntryChange).max(1_000).optional(),
  /** What it costs, as whoever asks says; left out where nothing was said. */
  costs: Money.optional(),
  /** Left out where it is no part of a rollout. */
  ring: ChangeRing.optional(),
  /** Left out where files are written. */
  branch: ChangeBranch.optional(),
  madeAt: Instant,
})
export type ChangePlan = z.infer<typeof ChangePlan>
