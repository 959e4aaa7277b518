import { z } from 'zod'

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
  /** Whether the registry carries a signature over it, and a provenance attestation: carried, not verified. Left out where the answer was cut. */
  signed: z.boolean().optional(),
  attested: z.boolean().optional(),
})
export type PublishedVersion = z.infer<typeof PublishedVersion>

/** What the registry in use offers of one package. */
export const Packument = z.strictObject({
  name: z.string(),
  /** `absent`: the registry was asked and does not have it. */
  state: z.enum(['listed', 'absent']),
  distTags: z.record(z.string(), z.string()),
  versions: z.array(PublishedVersion),
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
  asked: z.enum(['imported', 'live']),
  packages: z.array(Packument),
  /** Packages that could not be asked about, with why. */
  failed: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
})
export type Registry = z.infer<typeof Registry>
