import { z } from 'zod'

/** One line of what doctor says. */
export const Line = z.strictObject({
  /** `own`: of upkeep itself. `place`: where servers are looked for. `sandbox`: what a backend held when it was tried. */
  kind: z.enum(['own', 'place', 'sandbox']),
  about: z.string(),
  state: z.enum(['fine', 'not there', 'attention']),
  detail: z.string(),
  why: z.string(),
})
export type Line = z.infer<typeof Line>
export type OwnLine = Omit<Line, 'kind'>
