import { z } from 'zod'
import { ChangeInput } from './change.ts'
import { ChangeClass, EntryState, FileState, RefState, SecretState } from './change-plan.ts'
import { ChangeAssessment, ChangeSighting, ChangeTest } from './change-step.ts'
import { Money } from './money.ts'
import { Presence } from './person.ts'
import { Digest } from './run.ts'
import { Subject } from './subject.ts'
import { Instant } from './time.ts'

/** What a document lacks that its kind of change takes. */
export const DocumentGap = z.strictObject({
  field: z.enum(['rationale', 'rollback', 'assessment', 'tests', 'result']),
  why: z.string(),
})
export type DocumentGap = z.infer<typeof DocumentGap>

/** A record of the ledger that a document rests on. */
export const DocumentEvidence = z.strictObject({
  /** The place of its leaf in the ledger; null where it is not sealed, which `upkeep verify` names. */
  index: z.int().nonnegative().nullable(),
  type: z.enum(['change', 'finding', 'run', 'attestation']),
  id: z.string(),
  at: Instant,
  says: z.string(),
})
export type DocumentEvidence = z.infer<typeof DocumentEvidence>

/** Why a change was made, as somebody said after it was asked for or made. */
export const Justification = z.strictObject({
  id: z.string(),
  at: Instant,
  person: z.string(),
  presence: Presence,
  reason: z.string(),
})
export type Justification = z.infer<typeof Justification>

const DocumentApproval = z.strictObject({
  person: z.string(),
  /** Whose right it was, where that person delegated it to them. */
  onBehalfOf: z.string().optional(),
  role: z.string(),
  decision: z.enum(['approved', 'refused']),
  at: Instant,
  until: Instant,
  endedAt: Instant.nullable(),
  /** Failed tests that it was given in spite of. */
  waives: z.array(z.string()).optional(),
  reason: z.string().nullable(),
  presence: Presence,
  verified: z.enum(['holds', 'does-not-hold', 'none']),
  /** What was signed, to the byte, and the signature: `ssh-keygen -Y verify -n upkeep` takes both. */
  statement: z.string(),
  signature: z.string().nullable(),
  /** The line for `-f`, the file of allowed signers: the key that was in force then. Null where none was, or a passkey signed. */
  allowedSigner: z.string().nullable(),
  /** The passkey that signed, as it is enrolled. `signature` is then a WebAuthn assertion: its challenge is the SHA-256 of the statement. */
  passkey: z.string().optional(),
})

/** A change that was asked for, approved and made here. */
export const ManagedDocument = z.strictObject({
  format: z.literal('upkeep-change-document/1'),
  of: z.literal('managed'),
  id: z.string(),
  class: ChangeClass,
  phase: z.enum(['proposed', 'applying', 'applied', 'undoing', 'undone', 'closed']),
  /** What has to stand on it, such as that it is about the practice fleet. */
  stamps: z.array(z.string()),
  gaps: z.array(DocumentGap),
  what: z.strictObject({
    title: z.string(),
    plan: Digest,
    inputs: z.array(ChangeInput),
    summary: z.array(z.string()),
    limits: z.array(z.string()),
    costs: Money.optional(),
    /** The difference of each file for a reader, secrets hidden, and what it was and became, by digest. */
    effects: z.array(
      z.strictObject({
        path: z.string(),
        before: z.union([FileState, RefState, EntryState, SecretState]),
        after: z.union([FileState, RefState, EntryState, SecretState]),
        shown: z.array(z.string()),
      }),
    ),
  }),
  why: z.strictObject({
    reason: z.string().nullable(),
    justifications: z.array(Justification),
    closes: z.array(
      z.strictObject({ fingerprint: z.string(), severity: z.string(), subject: z.string(), summary: z.string() }),
    ),
  }),
  who: z.strictObject({
    requester: z.string(),
    requesterPresence: Presence,
    approvals: z.array(DocumentApproval),
    makers: z.array(z.string()),
  }),
  when: z.strictObject({
    proposed: Instant,
    window: z.strictObject({ from: Instant, until: Instant.nullable(), window: z.string().nullable() }).nullable(),
    applying: Instant.nullable(),
    applied: Instant.nullable(),
    observed: Instant.nullable(),
    undoing: Instant.nullable(),
    closed: Instant.nullable(),
  }),
  impact: z.strictObject({ assessment: ChangeAssessment.nullable(), sheet: z.unknown().nullable() }),
  tests: z.array(ChangeTest).nullable(),
  result: z.strictObject({
    outcome: z.enum(['done', 'rolled-back', 'rolled-back-in-part', 'abandoned']).nullable(),
    detail: z.string().nullable(),
    sighting: ChangeSighting.nullable(),
  }),
  rollback: z.strictObject({
    command: z.string(),
    /** What it cannot bring back. Empty: the very same bytes. */
    irreversible: z.array(z.string()),
    rehearsed: ChangeTest.nullable(),
    why: z.string().nullable(),
    undone: z.array(z.strictObject({ path: z.string(), how: z.string(), detail: z.string() })),
  }),
  evidence: z.array(DocumentEvidence),
})
export type ManagedDocument = z.infer<typeof ManagedDocument>

/** A difference that was found in the estate and that no change made here explains. */
export const UndocumentedDocument = z.strictObject({
  format: z.literal('upkeep-change-document/1'),
  of: z.literal('undocumented'),
  id: z.string(),
  /** What has to stand on it, such as that it is about the practice fleet. */
  stamps: z.array(z.string()),
  gaps: z.array(DocumentGap),
  what: z.strictObject({
    title: z.string(),
    subject: Subject,
    path: z.string(),
    kind: z.enum(['appeared', 'changed', 'gone']),
    differences: z.array(z.strictObject({ layer: z.string(), at: z.string(), was: z.string(), is: z.string() })),
  }),
  why: z.strictObject({ justifications: z.array(Justification) }),
  /** Whose file it is. Who wrote it a file system does not tell. */
  who: z.strictObject({ uid: z.int().nullable() }),
  when: z.strictObject({
    /** Since when the state before was approved; when the difference was first seen; and when the file was last written by then. */
    approved: Instant.nullable(),
    firstSeen: Instant,
    written: Instant.nullable(),
    /** By when it has to be justified or taken back. */
    due: Instant,
  }),
  evidence: z.array(DocumentEvidence),
})
export type UndocumentedDocument = z.infer<typeof UndocumentedDocument>

/** What is known of one change to the estate, from sealed records alone: made again it comes out the same to the byte. */
export const ChangeDocument = z.discriminatedUnion('of', [ManagedDocument, UndocumentedDocument])
export type ChangeDocument = z.infer<typeof ChangeDocument>
