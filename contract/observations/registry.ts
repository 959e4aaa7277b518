import { z } from 'zod'

/** One published version, cut to what choosing a version needs. */
export const PublishedVersion = z.strictObject({
  version: z.string(),
  engines: z.string().nullable(),
  deprecated: z.boolean(),
  publishedAt: z.string().nullable(),
  integrity: z.string().nullable(),
})

/** What the registry in use offers of one package. */
export const Packument = z.strictObject({
  name: z.string(),
  /** `absent`: the registry was asked and does not have it. */
  state: z.enum(['listed', 'absent']),
  distTags: z.record(z.string(), z.string()),
  versions: z.array(PublishedVersion),
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
