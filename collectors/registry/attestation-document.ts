import { z } from 'zod'

const Predicate = z.object({
  buildDefinition: z
    .object({
      externalParameters: z.object({ workflow: z.object({ repository: z.string().max(2_000) }).optional() }).optional(),
    })
    .optional(),
  runDetails: z.object({ builder: z.object({ id: z.string().max(2_000) }).optional() }).optional(),
  invocation: z.object({ configSource: z.object({ uri: z.string().max(2_000).optional() }).optional() }).optional(),
  builder: z.object({ id: z.string().max(2_000) }).optional(),
  name: z.string().max(300).optional(),
  version: z.string().max(300).optional(),
})
/** An in-toto statement, versions 0.1 and 1, as far as it is held against a package. */
const Statement = z.object({
  predicateType: z.string().max(300),
  subject: z
    .array(z.object({ name: z.string().max(1_000), digest: z.record(z.string().max(50), z.string().max(300)) }))
    .min(1)
    .max(64),
  predicate: Predicate,
})
export type Statement = z.infer<typeof Statement>

/** Only what the checks below count through is bounded here; the library holds the rest against its own schema. */
const Bundle = z.looseObject({
  dsseEnvelope: z.object({
    payload: z.string().max(1 << 20),
    payloadType: z.literal('application/vnd.in-toto+json'),
    signatures: z.array(z.unknown()).length(1),
  }),
  verificationMaterial: z.looseObject({
    tlogEntries: z.array(z.unknown()).max(8),
    timestampVerificationData: z.looseObject({ rfc3161Timestamps: z.array(z.unknown()).max(8).optional() }).nullish(),
  }),
})
const Document = z.object({
  attestations: z.array(z.object({ predicateType: z.string().max(300), bundle: z.unknown() })).max(16),
})

/** The parts of an answer under `/-/npm/v1/attestations/`; null where it is none. */
export function readDocument(value: unknown): { predicateType: string; bundle: unknown }[] | null {
  const document = Document.safeParse(value)
  return document.success ? document.data.attestations : null
}

/** What a bundle states, read from the bytes that its signature covers; null where they cannot be read. Not checked yet. */
export function readStatement(bundle: unknown): Statement | null {
  const parsed = Bundle.safeParse(bundle)
  if (!parsed.success) return null
  try {
    const payload = Buffer.from(parsed.data.dsseEnvelope.payload, 'base64').toString('utf8')
    return Statement.safeParse(JSON.parse(payload)).data ?? null
  } catch {
    return null
  }
}
