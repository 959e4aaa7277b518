import { z } from 'zod'

/** The controls that a negative request can try on a listed endpoint. */
export const Control = z.enum([
  'authentication',
  'origin',
  'host',
  'cors',
  'tls',
  'bind',
  'audience',
  'token-pass-through',
  'session',
  'error-leakage',
  'input-size',
  'allow-list',
  'log-delivery',
  'rate-limit',
])
export type Control = z.infer<typeof Control>

/**
 * What one probe found. `held`: the attack was made and refused. `broken`: it was made and worked. `inconclusive`: it could not be made,
 * or the answer says neither. `not-applicable`: there is nothing to try here, or its owner has not named what is to be tried; `detail`
 * says which. `transcript` is what went over the wire, without credentials, cut at a stated length.
 */
export const ProbeResult = z.strictObject({
  probe: z.string(),
  version: z.int().positive(),
  control: Control,
  outcome: z.enum(['held', 'broken', 'inconclusive', 'not-applicable']),
  detail: z.string(),
  attempts: z.int().positive(),
  /** How long after the attack it stood in the log; only where that was looked for and found. */
  detectedAfterMs: z.int().nonnegative().optional(),
  transcript: z.array(z.strictObject({ sent: z.string(), received: z.string() })),
})
export type ProbeResult = z.infer<typeof ProbeResult>

/** The negative requests made to one listed server. */
export const ControlProbes = z.strictObject({ url: z.string(), results: z.array(ProbeResult) })
export type ControlProbes = z.infer<typeof ControlProbes>
