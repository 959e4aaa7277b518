import { z } from 'zod'

/** Which names of a server's packages pass for the name of a known one, held against a list of known names. */
export const NameResemblance = z.strictObject({
  /** How many names were held against how many known ones. */
  judged: z.int().nonnegative(),
  known: z.int().nonnegative(),
  resembling: z.array(
    z.strictObject({
      ecosystem: z.enum(['npm', 'PyPI']),
      name: z.string(),
      /** True for a package that the entry starts. */
      direct: z.boolean(),
      imitates: z.string(),
      by: z.string(),
    }),
  ),
})
export type NameResemblance = z.infer<typeof NameResemblance>
