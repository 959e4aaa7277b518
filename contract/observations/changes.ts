import { z } from 'zod'
import { AskedApprovals } from '../approval-policy.ts'
import { ChangeInput } from '../change.ts'
import { Justification } from '../change-document.ts'
import { ChangeClass } from '../change-plan.ts'
import { EntryChange } from '../entry-change.ts'
import { Severity } from '../finding.ts'
import { Presence, Role } from '../person.ts'
import { Digest } from '../run.ts'
import { Instant } from '../time.ts'

/** One word of a person about a change. */
export const SeenApproval = z.strictObject({
  person: z.string(),
  /** Whose right they approved by, where it was not their own. */
  onBehalfOf: z.string().optional(),
  /** Of such a word: whether the owner of the right had delegated it to them then, by a signature that holds. */
  delegated: z.boolean().optional(),
  /** The roles that whoever's right it is holds now, by `upkeep.yaml`; empty where it does not name them. */
  holds: z.array(Role),
  role: z.string(),
  decision: z.enum(['approved', 'refused']),
  at: Instant,
  until: Instant,
  presence: Presence,
  /** By the key of theirs that was in force then, over this plan, this decision and this end. `none`: it is not signed. */
  signature: z.enum(['holds', 'does-not-hold', 'none']),
  /** Whether it is about the plan of this change, and no other. */
  ofThisPlan: z.boolean(),
  /** When they took it back, or said something else instead; null while it stands. */
  endedAt: Instant.nullable(),
  /** What they stated to be trained in, of what policies ask for, and it was in force then. */
  trained: z.array(z.string()).optional(),
})
export type SeenApproval = z.infer<typeof SeenApproval>

/** What of a change's impact sheet is judged. `lost`: the assessment names one, and it is not there or is not what was sealed. */
export const SeenSheet = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('kept'),
    /** SHA-256 of the plan that it was drawn of. */
    plan: Digest,
    risk: z.enum(['low', 'medium', 'high']),
    /** How many people it asks for. */
    approvals: z.int(),
    /** The tests that it asks for: the first hundred. */
    tests: z.array(z.string()),
    controls: z.array(z.string()),
    /** What it cannot say: the first twenty. */
    unknown: z.array(z.string()),
    /** Whether the paragraph for whoever decides says that something is not known. */
    saysUnknown: z.boolean(),
    /** How many texts that a model reads are others than before. */
    texts: z.int(),
  }),
  z.strictObject({ state: z.literal('lost'), why: z.string() }),
])
export type SeenSheet = z.infer<typeof SeenSheet>

/** What became of the findings that a change should close, by the rounds before this one. `accepted` are open, and somebody lives with them. */
export const SeenClosing = z.strictObject({ resolved: z.int(), open: z.int(), accepted: z.int(), notKnown: z.int() })
export type SeenClosing = z.infer<typeof SeenClosing>

/** A change as its sealed steps say it is. */
export const SeenChange = z.strictObject({
  id: z.string(),
  class: ChangeClass,
  title: z.string(),
  /** SHA-256 of the plan: what approvals are about. */
  digest: Digest,
  kinds: z.array(z.string()),
  /** What was asked for: the first fifty inputs. */
  inputs: z.array(ChangeInput).default([]),
  /** What it makes of entries: the first fifty. */
  entries: z.array(EntryChange).optional(),
  phase: z.enum(['proposed', 'applying', 'applied', 'undoing', 'undone', 'closed']),
  outcome: z.enum(['done', 'rolled-back', 'rolled-back-in-part', 'abandoned']).nullable(),
  requester: z.string(),
  reason: z.string().nullable(),
  /** Why it was made, as somebody said since. */
  justifications: z.array(Justification).default([]),
  /** What the policy asked that it was let through by; of one that is not begun, what the policies in force now ask. */
  asked: AskedApprovals,
  /** Other policies that it has to satisfy too. */
  alsoAsked: z.array(AskedApprovals).optional(),
  /** Every word that was ever given about it, in order. */
  approvals: z.array(SeenApproval),
  /** Null until they were run. `failed` and `notRun` name them. */
  tests: z.strictObject({ passed: z.int(), failed: z.array(z.string()), notRun: z.array(z.string()) }).nullable(),
  /** Whether its way back was walked on copies before anybody was asked; null where no such test was run. */
  rehearsed: z.enum(['passed', 'failed', 'not-run']).nullable(),
  risk: z.enum(['low', 'medium', 'high']).nullable(),
  hasSheet: z.boolean(),
  /** Left out where the assessment names none. */
  sheet: SeenSheet.optional(),
  assessedAt: Instant.nullable().optional(),
  testedAt: Instant.nullable().optional(),
  /** The tests that passed, by name: the first hundred. */
  testsPassed: z.array(z.string()).optional(),
  /** Where it stands in a rollout; left out where it is part of none. */
  ring: z
    .strictObject({
      rollout: z.string(),
      name: z.string(),
      index: z.int(),
      of: z.int(),
      soakMinutes: z.int(),
    })
    .optional(),
  /** Whether what its files were before can be read again from what was kept. `not-looked`: others filled the time. Left out where nothing is kept. */
  kept: z.enum(['readable', 'lost', 'not-looked']).optional(),
  closing: SeenClosing.optional(),
  /** How many effects it has, and the files that they are about: the first fifty. */
  effects: z.int(),
  paths: z.array(z.string()),
  /** How many findings it should close, and how many were seen to be closed. */
  closes: z.int(),
  closed: z.int(),
  proposedAt: Instant,
  applyingAt: Instant.nullable(),
  appliedAt: Instant.nullable(),
  observedAt: Instant.nullable(),
  undoingAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  lastAt: Instant,
  /** Whether undoing gives back the very same bytes. What it cannot give back stands in `irreversible`. */
  undoable: z.boolean(),
  irreversible: z.array(z.string()),
  window: z.strictObject({ from: Instant, until: Instant.nullable(), window: z.string().nullable() }).nullable(),
  /** Of an emergency change alone. */
  emergency: z
    .strictObject({
      rehearsal: z.boolean(),
      /** Whether what was there was kept before the first write. */
      evidenceFirst: z.boolean(),
      reviewDue: Instant.nullable(),
      /** Who stated that they looked at it afterwards. */
      reviews: z.array(z.strictObject({ person: z.string(), at: Instant })),
      secondsToContain: z.number().nullable(),
    })
    .optional(),
  /** Whether it was decided right before the first write that all is there; left out where it was never decided. */
  go: z.boolean().optional(),
  /** What stands in the way of it being in force. */
  pending: z.array(z.string()),
  /** What could not be taken back. */
  left: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
})
export type SeenChange = z.infer<typeof SeenChange>

/** A difference that no change explains: somebody made it behind our back. */
export const SeenUndocumented = z.strictObject({
  id: z.string(),
  server: z.string(),
  path: z.string(),
  kind: z.enum(['appeared', 'changed', 'gone']),
  uid: z.int().nullable(),
  /** When the file was last written by then, and when the difference was first seen. */
  written: Instant.nullable(),
  firstSeen: Instant,
  due: Instant,
  justified: z.boolean(),
})
export type SeenUndocumented = z.infer<typeof SeenUndocumented>

/** A vulnerable package that a patch is due for, or was: as the rounds before this one found it. */
export const SeenPatch = z.strictObject({
  fingerprint: z.string(),
  server: z.string(),
  package: z.string(),
  version: z.string(),
  severity: Severity,
  /** Whether a version with the fix can be had. */
  obtainable: z.boolean(),
  /** Null: with the next upgrade, or no rule says by when. */
  due: Instant.nullable(),
  firstSeen: Instant,
  state: z.enum(['open', 'resolved']),
  /** When a round first saw it gone. */
  closedAt: Instant.nullable(),
  /** The last day of the acceptance in force. */
  acceptedUntil: Instant.nullable(),
  /** Changes that should close it, the newest first: the first ten. */
  changes: z.array(z.string()),
})
export type SeenPatch = z.infer<typeof SeenPatch>

/** Every change of this installation, the newest first: all that are open, and of the others the newest. */
export const Changes = z.strictObject({
  changes: z.array(SeenChange),
  /** What earlier rounds found changed that no change explains, the newest last. */
  undocumented: z.array(SeenUndocumented).optional(),
  /** All that are open, and of the others the newest. */
  patches: z.array(SeenPatch).optional(),
  /** Whether one person at most is named: then nobody else can be asked, and separation of duties is not met. */
  alone: z.boolean(),
  /** What was left out to keep this bounded, in words; empty when nothing was. */
  leftOut: z.array(z.string()),
})
export type Changes = z.infer<typeof Changes>
