import { z } from 'zod'
import { Instant } from './time.ts'

/** What a person may do here. One person may hold several; solo mode says so in every record. */
export const Role = z.enum(['viewer', 'operator', 'reviewer', 'approver', 'auditor', 'admin'])
export type Role = z.infer<typeof Role>

export const Person = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  name: z.string().max(200),
  roles: z.array(Role),
  mail: z.email().optional().describe('Where mail reaches them, for channels of "notify" that go to roles or owners'),
  agent: z.boolean().optional().describe('A program and no person: it may ask for changes, and decides nothing'),
  email: z.email().max(254).optional().describe('The address that the provider has verified, where people sign in'),
  subject: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('What the provider calls them (the claim sub); who has one is known by it alone'),
})
export type Person = z.infer<typeof Person>

/**
 * How strongly it is known who made a record. `not-proven`: the name was typed at a terminal by someone who could write the
 * state folder. `ssh-key`: `signature` is an SSH signature over what was decided, by a key that asks its owner for a passphrase.
 * `security-key`: by a key in hardware that somebody touched. `passkey`: `signature` is a WebAuthn assertion over it, by a passkey that
 * made sure of its owner.
 */
export const Presence = z.enum(['not-proven', 'ssh-key', 'security-key', 'passkey'])
export type Presence = z.infer<typeof Presence>

/** Who made a record. */
export const Signer = z.strictObject({
  person: z.string(),
  presence: Presence,
  signature: z.string().nullable(),
})
export type Signer = z.infer<typeof Signer>

/** A person's signed statement about a stated scope, with what was looked at and an end. */
export const Attestation = z.strictObject({
  id: z.string(),
  statement: z.string().min(1).max(2_000),
  /** What it is about, such as a duty id or a training module. */
  scope: z.string().min(1).max(200),
  evidence: z.array(z.string()),
  limits: z.string().max(2_000),
  person: z.string(),
  role: Role,
  at: Instant,
  validUntil: Instant,
  revokes: z.string().nullable(),
  signer: Signer,
})
export type Attestation = z.infer<typeof Attestation>
