import { z } from 'zod'

/** One tool as the server lists it. Text is the server's: hostile, bounded, shown only escaped. */
export const ListedTool = z.strictObject({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  inputSchema: z.unknown(),
  outputSchema: z.unknown(),
  annotations: z.unknown(),
})

/** What a URL server answered when we connected and listed, in one protocol era. */
export const EraAnswer = z.strictObject({
  era: z.enum(['initialize', 'discover']),
  outcome: z.enum(['answered', 'refused', 'unsupported', 'failed']),
  protocolVersion: z.string().nullable(),
  detail: z.string(),
})

/** A live endpoint, connected to and listed only. Latency is not part of the facts that verdicts rest on. */
export const Endpoint = z.strictObject({
  url: z.string(),
  reachable: z.boolean(),
  httpStatus: z.int().nullable(),
  eras: z.array(EraAnswer),
  serverInfo: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
  instructions: z.string().nullable(),
  capabilities: z.array(z.string()),
  /** Null when the surface could not be listed; `why` says so. */
  tools: z.array(ListedTool).nullable(),
  prompts: z.array(z.string()).nullable(),
  resources: z.array(z.string()).nullable(),
  why: z.string(),
  truncated: z.boolean(),
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
