import { z } from 'zod'
import { Control } from './control-probes.ts'
import { Era } from './tool-surface.ts'

/** By what a requirement is judged: what came of trying a control, or a fact of the metadata or the transport. */
export const RequirementCheck = z.union([
  z.strictObject({ control: Control }),
  z.strictObject({
    fact: z.enum([
      'resource-metadata',
      'resource-equals',
      'authorization-servers',
      'issuer-metadata',
      'issuer-equals',
      'endpoints-https',
      'pkce-s256',
      'iss-parameter',
      'client-id-documents',
      'no-sse',
      'no-logging',
    ]),
  }),
])
export type RequirementCheck = z.infer<typeof RequirementCheck>

/** A feature that a specification has deprecated, and the clock that runs since. */
export const DeprecationClock = z.strictObject({
  feature: z.string().max(100),
  /** The revision that deprecated it, which is a day. */
  since: z.iso.date(),
  /** From this day on a revision may come without it; null where the register names no day, and `removal` says what it does say. */
  removableFrom: z.iso.date().nullable(),
  removal: z.string().max(200),
})
export type DeprecationClock = z.infer<typeof DeprecationClock>

/** One sentence of a specification that a server can be held to, in our own words. */
export const Requirement = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{3,60}$/),
  level: z.enum(['MUST', 'SHOULD']),
  /** The eras in which it is asked for: a server is judged by those that it speaks. */
  eras: z.array(Era).min(1),
  title: z.string().max(200),
  cites: z.string().max(300),
  check: RequirementCheck,
  clock: DeprecationClock.optional(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  remedy: z.string().max(300),
})
export type Requirement = z.infer<typeof Requirement>

/** The requirements that servers are held to, and how old they are. */
export const RequirementSet = z.strictObject({
  id: z.string().max(100),
  version: z.int().positive(),
  date: z.iso.date(),
  requirements: z.array(Requirement).min(1).max(500),
  /** What is deprecated and cannot be seen from outside, because only a call or a client would show it. */
  notSeen: z.array(DeprecationClock).max(100).default([]),
})
export type RequirementSet = z.infer<typeof RequirementSet>
