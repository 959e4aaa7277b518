import { z } from 'zod'

/** An amount in a currency by its three letters (ISO 4217). */
export const Money = z.strictObject({
  amount: z.number().nonnegative().max(1e12),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three letters, such as EUR'),
})
export type Money = z.infer<typeof Money>
