import { z } from 'zod'
import { ComponentEcosystem, ComponentEvidence } from './resolved-package.ts'

/** Code of a package that was compiled into a file of another one, so that no manifest and no lockfile names it. */
export const BundledComponent = z.strictObject({
  ecosystem: ComponentEcosystem,
  name: z.string(),
  /** Every published version that it can be, oldest first. Empty: it differs from all of them, such as a fork. */
  versions: z.array(z.string()),
  /** The published versions that it differs least from. */
  nearest: z.array(z.string()),
  /** The root of the installed copy, and the path in it of the package whose file holds the code. */
  copy: z.string(),
  within: z.string(),
  evidence: ComponentEvidence,
})
export type BundledComponent = z.infer<typeof BundledComponent>

/** What was recognised inside the script files of a server's installed copies, and by which index. */
export const BundledCode = z.strictObject({
  /** The indexes that were used, each with the packages that it can recognise: nothing else would have been found. */
  indexes: z.array(z.strictObject({ id: z.string(), digest: z.string(), packages: z.array(z.string()) })),
  components: z.array(BundledComponent),
  /** What could not be looked into. */
  problems: z.array(z.string()),
})
export type BundledCode = z.infer<typeof BundledCode>
