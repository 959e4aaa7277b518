import { z } from 'zod'
import type { Inside } from './look-inside.ts'

const Kept = z.object({
  found: z.array(
    z.object({
      ecosystem: z.literal('npm'),
      name: z.string(),
      versions: z.array(z.string()),
      nearest: z.array(z.string()),
      confidence: z.number(),
      found: z.object({ units: z.int(), words: z.int(), against: z.int() }),
      file: z.string(),
      inImage: z.object({ within: z.string(), layer: z.string() }).optional(),
    }),
  ),
  problems: z.array(z.string()),
})

/** What an earlier look came to; null when it is not remembered in a form that can be used. */
export function rememberedInside(text: string | null): Inside | null {
  if (text === null) return null
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
