import { z } from 'zod'

/** One event list of an OSV range, as the record has it. */
export const AdvisoryRange = z.strictObject({
  type: z.enum(['SEMVER', 'ECOSYSTEM', 'GIT']),
  events: z.array(
    z.strictObject({
      introduced: z.string().optional(),
      fixed: z.string().optional(),
      lastAffected: z.string().optional(),
      limit: z.string().optional(),
    }),
  ),
})

/** An advisory cut to what matching and reporting need. `summary` is the record's own text: hostile, bounded. */
export const Advisory = z.strictObject({
  id: z.string(),
  aliases: z.array(z.string()),
  summary: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'unknown']),
  modified: z.string(),
  withdrawn: z.string().nullable(),
  malicious: z.boolean(),
  affected: z.array(
    z.strictObject({
      ecosystem: z.string(),
      name: z.string(),
      ranges: z.array(AdvisoryRange),
      versions: z.array(z.string()),
    }),
  ),
  references: z.array(z.string()),
  feed: z.string(),
})
export type Advisory = z.infer<typeof Advisory>

/** A source of advisories, and how far it can be trusted to know everything. */
export const AdvisoryFeed = z.strictObject({
  id: z.string(),
  source: z.string(),
  digest: z.string(),
  records: z.int().nonnegative(),
  rejected: z.array(z.strictObject({ record: z.string(), reason: z.string() })),
  /** The newest `modified` in it: what the feed cannot know began after this. */
  newest: z.string().nullable(),
  /** Whether absence from the feed means anything. The built-in pack is `selected`: a match is sound, silence says nothing. */
  coverage: z.enum(['complete', 'selected']),
  /** The ecosystems that a complete feed covers. */
  ecosystems: z.array(z.string()),
  /** Why the feed could not be read, or not whole: what it holds beyond its records is then not known. */
  problem: z.string().optional(),
})
export type AdvisoryFeed = z.infer<typeof AdvisoryFeed>

/** The advisories about packages that the fleet has, and the feeds that were looked through. */
export const Advisories = z.strictObject({ feeds: z.array(AdvisoryFeed), records: z.array(Advisory) })
export type Advisories = z.infer<typeof Advisories>
