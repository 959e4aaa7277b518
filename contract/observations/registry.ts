import { z } from 'zod'

/**
 * What a check that was made here came to. `unavailable`: there was nothing to check, or nothing to check it with. Never `verified` for what
 * a registry merely carries. `why` may name keys and repositories: text from outside, made printable.
 */
export const Check = z.strictObject({ state: z.enum(['verified', 'failed', 'unavailable']), why: z.string() })
export type Check = z.infer<typeof Check>

/** What checking a version's attestations came to, and where it was built from what, where that is verified. */
export const Provenance = z.strictObject({
  ...Check.shape,
  /** The identity in the builder's certificate, and who vouched for it. */
  signer: z.string().optional(),
  issuer: z.string().optional(),
  source: z.string().optional(),
  builder: z.string().optional(),
})
export type Provenance = z.infer<typeof Provenance>

/** One published version, cut to what choosing a version needs. */
export const PublishedVersion = z.strictObject({
  version: z.string(),
  engines: z.string().nullable(),
  deprecated: z.boolean(),
  /** The publisher's own words on why not to use it: text from outside. Left out where there are none. */
  deprecation: z.string().optional(),
  /** Whether installing it runs scripts of its own; left out where the registry does not say. */
  installScripts: z.boolean().optional(),
  publishedAt: z.string().nullable(),
  integrity: z.string().nullable(),
  /** Whether the registry carries a signature over it, and an attestation. Left out where the answer was cut. */
  signed: z.boolean().optional(),
  attested: z.boolean().optional(),
  /** What checking the signature came to; left out where none is carried, or where it was not looked at. */
  signature: Check.optional(),
  /** What checking the attestations came to; left out where none is carried, or where they were not asked for. */
  provenance: Provenance.optional(),
  /** The account that published it; left out where the registry does not say, or where a build did. */
  publisher: z.string().optional(),
})
export type PublishedVersion = z.infer<typeof PublishedVersion>

/** What the registry in use offers of one package. */
export const Packument = z.strictObject({
  name: z.string(),
  /** `absent`: the registry was asked and does not have it. */
  state: z.enum(['listed', 'absent']),
  distTags: z.record(z.string(), z.string()),
  /** In the order in which they appeared, as far as that is known: all, or for a package that is brought along those that matter for it. */
  versions: z.array(PublishedVersion),
  /** Why the dates of publication are not believed; left out where nothing speaks against them. */
  datesDoubted: z.string().optional(),
  /** When the registry last gave this answer; left out where it was asked just now, or where the answer was imported. */
  keptSince: z.string().optional(),
  /** Names of those who may publish: now, and at each version where the list changed. Left out where the registry does not say. */
  maintainers: z
    .strictObject({
      now: z.array(z.string()),
      since: z.array(z.strictObject({ from: z.string(), names: z.array(z.string()) })),
    })
    .optional(),
})
export type Packument = z.infer<typeof Packument>

/** The registry's answers for the packages that the fleet has: imported, or asked live with consent. */
export const Registry = z.strictObject({
  source: z.string(),
  /** `kept`: nobody was asked, and answers of earlier rounds were read. */
  asked: z.enum(['imported', 'live', 'kept']),
  /** By what signatures and attestations were checked, for a sentence each; left out where none was. */
  trust: z.strictObject({ keys: z.string(), root: z.string() }).optional(),
  packages: z.array(Packument),
  /** Packages that could not be asked about, with why. */
  failed: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
})
export type Registry = z.infer<typeof Registry>
