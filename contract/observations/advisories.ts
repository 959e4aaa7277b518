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

/** What is known of an advisory's use by attackers. Each is null where no feed in date says anything; `stale` names those that are too old to. */
export const Exploitation = z.strictObject({
  /** CISA's list of vulnerabilities that are known to be exploited. `listed: false` is said only by a list in date. */
  kev: z
    .strictObject({
      listed: z.boolean(),
      dateAdded: z.string().nullable(),
      dueDate: z.string().nullable(),
      ransomware: z.boolean().nullable(),
    })
    .nullable(),
  /** EPSS: how likely exploitation is within thirty days, and the share of vulnerabilities that are less likely; both 0 to 1. */
  epss: z.strictObject({ score: z.number(), percentile: z.number() }).nullable(),
  /** CISA's decision points; null where the record leaves one out. */
  ssvc: z
    .strictObject({
      exploitation: z.enum(['none', 'poc', 'active']).nullable(),
      automatable: z.enum(['yes', 'no']).nullable(),
      technicalImpact: z.enum(['partial', 'total']).nullable(),
    })
    .nullable(),
  stale: z.array(z.enum(['kev', 'epss', 'ssvc'])),
})
export type Exploitation = z.infer<typeof Exploitation>

/** One field in which sources about one vulnerability differ. The first value is the one that counts; texts are the sources' own: hostile, bounded. */
export const AdvisoryConflict = z.strictObject({
  field: z.enum(['severity', 'fixed', 'summary']),
  values: z.array(z.strictObject({ source: z.string(), record: z.string(), value: z.string() })).min(2),
})
export type AdvisoryConflict = z.infer<typeof AdvisoryConflict>

/** An advisory cut to what matching and reporting need. `summary` is the record's own text: hostile, bounded. */
export const Advisory = z.strictObject({
  id: z.string(),
  aliases: z.array(z.string()),
  /** The CVEs that a notice of a distribution is about, where it is about several: it is none of them. */
  gathers: z.array(z.string()).optional(),
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
  exploitation: Exploitation,
  /** Where other sources say otherwise. */
  conflicts: z.array(AdvisoryConflict),
})
export type Advisory = z.infer<typeof Advisory>

/** The forms of feed that are read; `unknown` is one that could not be read. */
export const FeedForm = z.enum(['osv', 'kev', 'epss', 'cve', 'stix', 'indicators', 'csaf', 'unknown'])
export type FeedForm = z.infer<typeof FeedForm>

/** A source of advisories, and how far it can be trusted to know everything. */
export const AdvisoryFeed = z.strictObject({
  id: z.string(),
  source: z.string(),
  digest: z.string(),
  records: z.int().nonnegative(),
  /** What it is by its content. */
  form: FeedForm,
  /** Records that could not be read: what they would have said is not known. */
  rejected: z.array(z.strictObject({ record: z.string(), reason: z.string() })),
  /** Records that were read and are not believed. They move no verdict. */
  quarantined: z.array(z.strictObject({ record: z.string(), reason: z.string() })),
  /** The newest `modified` in it: what the feed cannot know began after this. */
  newest: z.string().nullable(),
  /** Whether absence from the feed means anything. The built-in pack is `selected`: a match is sound, silence says nothing. */
  coverage: z.enum(['complete', 'selected']),
  /** The ecosystems that a complete feed covers. */
  ecosystems: z.array(z.string()),
  /** The most days that its newest record may be old; null where age says nothing. */
  maxAgeDays: z.int().positive().nullable(),
  /** It is older than that, or has no date: nothing follows from its silence. */
  stale: z.boolean(),
  /** What its signature came to. `unchecked`: there is one, and no key to check it with. Left out where nothing can be signed, as with a service. */
  signature: z.enum(['verified', 'failed', 'unchecked', 'not-signed']).optional(),
  /** Files in it that are not read, by name: the first, and how many more. Left out where there is none. */
  unread: z.array(z.string()).optional(),
  /** Why the feed could not be read, or not whole: what it holds beyond its records is then not known. */
  problem: z.string().optional(),
})
export type AdvisoryFeed = z.infer<typeof AdvisoryFeed>

/** Something of the fleet's that a feed names as a sign of an attack: a package or the host of a URL. */
export const IndicatorMatch = z.strictObject({
  type: z.enum(['package', 'domain']),
  value: z.string(),
  /** The feed's own words: hostile, bounded. */
  says: z.string(),
  feed: z.string(),
})
export type IndicatorMatch = z.infer<typeof IndicatorMatch>

/** The advisories about packages that the fleet has, and the feeds that were looked through. */
export const Advisories = z.strictObject({
  feeds: z.array(AdvisoryFeed),
  records: z.array(Advisory),
  indicators: z.array(IndicatorMatch),
})
export type Advisories = z.infer<typeof Advisories>
