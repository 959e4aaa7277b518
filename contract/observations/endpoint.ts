import { z } from 'zod'
import { Era } from './tool-surface.ts'

/** What a URL server answered when we connected and listed, in one protocol era. */
export const EraAnswer = z.strictObject({
  era: Era,
  outcome: z.enum(['answered', 'refused', 'unsupported', 'failed']),
  protocolVersion: z.string().nullable(),
  detail: z.string(),
})

/** A live endpoint, connected to and listed only; what it listed is its tool surface. Latency is not part of the facts that verdicts rest on. */
export const Endpoint = z.strictObject({
  url: z.string(),
  reachable: z.boolean(),
  httpStatus: z.int().nullable(),
  eras: z.array(EraAnswer),
  /** Why no era answered; empty when one did. */
  why: z.string(),
  tls: z
    .strictObject({
      protocol: z.string().nullable(),
      authorized: z.boolean(),
      problem: z.string().nullable(),
      issuer: z.string().nullable(),
      validFrom: z.string().nullable(),
      validTo: z.string().nullable(),
      fingerprint256: z.string().nullable(),
    })
    .nullable(),
  /** `required`: a request got 401. A token that is let in hides whether one was needed. */
  authentication: z.strictObject({
    required: z.boolean(),
    scheme: z.string().nullable(),
    resourceMetadata: z.string().nullable(),
  }),
  latencyMs: z.strictObject({ connect: z.number(), list: z.number().nullable() }),
})
export type Endpoint = z.infer<typeof Endpoint>
