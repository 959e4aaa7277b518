import { rule } from '@upkeep/contract'
import { z } from 'zod'

const window = z.object({
  server: z.string(),
  name: z.string(),
  versions: z.array(z.string()),
  firstSeenAt: z.string(),
  /** Null: it is there still. */
  lastSeenAt: z.string().nullable(),
  /** The look that found it gone: it may have been there until then. */
  goneBy: z.string().optional(),
  /** What it could read there then: where and of what kind, never the value. */
  credentials: z.array(z.object({ where: z.string(), kind: z.string() })),
})

const facts = z.object({
  advisory: z.string(),
  aliases: z.array(z.string()),
  /** The record's own words: text from outside. */
  says: z.string(),
  references: z.array(z.string()),
  feed: z.string(),
  package: z.string(),
  ecosystem: z.string(),
  versions: z.array(z.string()),
  /** Up to fifty servers. */
  windows: z.array(window),
})
export type PastFacts = z.infer<typeof facts>

export const rules = {
  'malicious-package-was-here': rule({
    version: 1,
    title: 'Malicious package was here',
    severity: 'critical',
    help: 'A package that was published to do harm is or was at a server. Remove it where it still is, replace every credential that it could read in that time, and look for what it sent. Then accept the finding with that as the reason.',
    facts,
    identity: ['advisory', 'package'],
  }),
  'exploited-while-here': rule({
    version: 1,
    title: 'Exploited vulnerability was here',
    severity: 'high',
    help: 'A vulnerability that is known to be exploited is or was at a server. Close it where it still is, and look through what is kept of that time for signs of its use.',
    facts,
    identity: ['advisory', 'package'],
  }),
  'named-advisory-applies': rule({
    version: 1,
    title: 'A vulnerability that you asked about applies',
    severity: 'high',
    help: 'A vulnerability that is named under "watch" is or was at a server. Close it where it still is, by the date that the patch assessment gives.',
    facts,
    identity: ['advisory', 'package'],
  }),
  'indicator-matched': rule({
    version: 1,
    title: 'Sign of an attack',
    severity: 'high',
    help: 'A feed names something of your fleet as a sign of an attack. Take the entry that names it out of use until you know what it is.',
    facts: z.object({
      type: z.enum(['package', 'domain']),
      value: z.string(),
      says: z.string(),
      feed: z.string(),
    }),
    identity: ['type', 'value'],
  }),
}
export type Rules = typeof rules
