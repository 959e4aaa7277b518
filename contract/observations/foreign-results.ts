import { z } from 'zod'
import { Severity } from '../finding.ts'

/** What another scanner says of one vulnerability and one package version. No prose of its own is kept. */
export const ForeignReport = z.strictObject({
  /** Every name that it gives the vulnerability. */
  ids: z.array(z.string().max(60)).min(1).max(40),
  /** Null where it does not say which registry the package is of. */
  ecosystem: z.string().max(20).nullable(),
  name: z.string().min(1).max(300),
  version: z.string().min(1).max(200),
  says: z.enum(['affected', 'not-affected', 'not-decided']),
  /** Null where it states none. */
  severity: Severity.nullable(),
  /** For what is not affected: its justification, a word of its format. */
  justification: z.string().max(60).nullable(),
})
export type ForeignReport = z.infer<typeof ForeignReport>

/** What another scanner says of a line of code, where it calls it a matter of security. Its message is not kept. */
export const ForeignCodeClaim = z.strictObject({
  /** The scanner's own name for what it looks for. */
  id: z.string().min(1).max(120),
  path: z.string().min(1).max(500),
  line: z.int().positive().nullable(),
  says: z.enum(['affected', 'not-affected']),
  severity: Severity.nullable(),
})
export type ForeignCodeClaim = z.infer<typeof ForeignCodeClaim>

/** A package that another inventory lists. */
export const ForeignComponent = z.strictObject({
  ecosystem: z.string().max(20),
  name: z.string().min(1).max(300),
  version: z.string().min(1).max(200).nullable(),
})
export type ForeignComponent = z.infer<typeof ForeignComponent>

/** What a file of another scanner says, and whether it can be relied on. */
export const ForeignReading = z.strictObject({
  form: z.enum(['SARIF', 'CycloneDX', 'SPDX', 'unknown']),
  tool: z.string().max(100),
  toolVersion: z.string().max(100).nullable(),
  /** When it was made, by its own word; null where it does not say. */
  producedAt: z.iso.datetime().nullable(),
  /** False for an inventory: it lists packages and judges none. */
  judges: z.boolean(),
  reports: z.array(ForeignReport).max(100_000),
  components: z.array(ForeignComponent).max(100_000),
  /** Left out where it says nothing of lines of code. */
  code: z.array(ForeignCodeClaim).max(10_000).optional(),
  /** Results about lines of code that are no matter of security by its own word: counted, and nothing else. */
  otherCode: z.int().nonnegative().optional(),
  /** Results that name no advisory, or no package version, and no line of code. */
  notUnderstood: z.int().nonnegative(),
  /** Why its silence means nothing: it crashed, was cut off, did not run. */
  problem: z.string().max(300).nullable(),
})
export type ForeignReading = z.infer<typeof ForeignReading>

const taken = {
  /** What it is called here; a later one of that name replaces it. */
  name: z.string().min(1).max(200),
  /** SHA-256 of the file that was taken in. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  importedAt: z.iso.datetime(),
  /** The server that it is about, by name; null for the whole fleet. */
  about: z.string().min(1).max(300).nullable(),
  /** When a person took it out again: what only it reported is withdrawn. */
  withdrawnAt: z.iso.datetime().nullable(),
}

/** The results of another scanner as they are kept. */
export const KeptResults = ForeignReading.extend(taken)
export type KeptResults = z.infer<typeof KeptResults>

/** The results of other scanners that are in place, cut to the packages that the fleet has. */
export const ForeignResults = z.strictObject({
  results: z.array(KeptResults.omit({ components: true }).extend({ components: z.int().nonnegative() })),
  /** Kept results that cannot be read any more. */
  damaged: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
})
export type ForeignResults = z.infer<typeof ForeignResults>
