import { rule } from '@upkeep/contract'
import { z } from 'zod'

const conflict = z.object({
  field: z.string(),
  values: z.array(z.object({ source: z.string(), record: z.string(), value: z.string() })),
})

/** One line of the sheet: one vulnerability of one package, whether it applies, by when, and what would close it. */
const line = z.object({
  advisory: z.string(),
  /** What people call it: its CVE number where it has one. */
  name: z.string(),
  severity: z.string(),
  /** The record's own words: text from outside. */
  says: z.string(),
  /** Where other sources say otherwise; the first value counts. */
  conflicts: z.array(conflict),
  state: z.enum(['exploitable', 'in_triage', 'not_affected', 'resolved']),
  why: z.string(),
  fixedIn: z.array(z.string()),
  knownSince: z.string().nullable(),
  /** Null: with the next upgrade, or not known; `dueWhy` says which. */
  due: z.string().nullable(),
  dueWhy: z.string(),
  evidenceFirst: z.boolean(),
})

/** A version that could be gone to, as it was ranked. */
const candidate = z.object({
  version: z.string(),
  closes: z.array(z.string()),
  leaves: z.array(z.string()),
  obtainable: z.enum(['yes', 'not-checked']),
  engines: z.string().nullable(),
  raisesFloor: z.boolean(),
  changesLineage: z.boolean(),
  deprecated: z.boolean(),
  deprecation: z.string().nullable(),
  installScripts: z.boolean().nullable(),
  publishedAt: z.string().nullable(),
  /** Why its date of publication is not believed; null when it is. */
  dateDoubted: z.string().nullable(),
  provenance: z.enum(['verified', 'failed', 'unavailable']),
  provenanceWhy: z.string(),
  signature: z.enum(['verified', 'failed', 'unavailable']),
  signatureWhy: z.string(),
  losesProvenance: z.boolean(),
  addsInstallScripts: z.boolean(),
  /** Null where no date can be believed. */
  tooYoung: z.boolean().nullable(),
  /** Why nobody should go there; null where nothing forbids it. */
  blocked: z.string().nullable(),
  toolSurface: z.literal('not known'),
})

const facts = z.object({
  package: z.string(),
  ecosystem: z.string(),
  version: z.string(),
  /** True for the package that the entry starts, false for one that it brings along. */
  direct: z.boolean(),
  path: z.string().nullable(),
  copy: z.string().nullable(),
  /** From where the server can be reached, and how that is known. */
  exposure: z.object({ is: z.string(), why: z.string(), assumed: z.boolean() }),
  /** Up to fifty lines, soonest due first. */
  sheet: z.array(line),
  /** Up to five versions, best first. */
  candidates: z.array(candidate),
  mitigations: z.array(z.string()),
})
export type SheetFacts = z.infer<typeof facts>
export type SheetLine = z.infer<typeof line>

export const rules = {
  'patch-available': rule({
    version: 1,
    title: 'Patch available',
    severity: 'high',
    help: 'A version that closes known vulnerabilities can be had. Set the entry to the version proposed, or for a package of an image use one that was built anew, before the day that is given; or accept until a day.',
    facts,
    identity: ['package', 'ecosystem'],
  }),
  'fix-not-obtainable': rule({
    version: 1,
    title: 'Fix not obtainable',
    severity: 'high',
    help: 'No version within reach closes the vulnerability. Mitigate as proposed, ask for the fix to be taken into your registry, or accept until a day.',
    facts,
    identity: ['package', 'ecosystem'],
  }),
}
export type Rules = typeof rules
