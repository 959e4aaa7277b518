import { z } from 'zod'
import { Subject } from '../subject.ts'
import { Instant } from '../time.ts'

/** A credential that a server was given: where, and what kind. Never its value. */
export const GivenCredential = z.strictObject({ where: z.string(), kind: z.string() })
export type GivenCredential = z.infer<typeof GivenCredential>

/** One package in one version at one server: from the first look that saw it to the last. Null: the newest look saw it. */
export const Sight = z.strictObject({
  server: Subject,
  firstSeenAt: Instant,
  lastSeenAt: Instant.nullable(),
  /** The first look that no longer saw it: between the two it may have been there. Left out while it is there, and where it was not kept. */
  goneBy: Instant.optional(),
  /** What the server was given while the package was there. */
  credentials: z.array(GivenCredential),
})
export type Sight = z.infer<typeof Sight>

/** What this installation remembers of itself: which packages it had when, and since when it knows of which vulnerability. */
export const FleetHistory = z.strictObject({
  /** The first look that is remembered; null before there was any. */
  since: Instant.nullable(),
  packages: z.array(
    z.strictObject({ ecosystem: z.string(), name: z.string(), version: z.string().nullable(), sights: z.array(Sight) }),
  ),
  /** Vulnerabilities that stand open, with the day on which each was first known here. */
  known: z.array(
    z.strictObject({
      server: z.string(),
      ecosystem: z.string(),
      package: z.string(),
      advisory: z.string(),
      since: Instant,
    }),
  ),
  /** Versions that persons decided not to have proposed until a day; left out where there are none. */
  skipped: z
    .array(
      z.strictObject({ name: z.string(), version: z.string(), until: Instant, person: z.string(), reason: z.string() }),
    )
    .optional(),
  /** What was left out to keep this bounded, in words; empty when nothing was. */
  leftOut: z.array(z.string()),
})
export type FleetHistory = z.infer<typeof FleetHistory>
