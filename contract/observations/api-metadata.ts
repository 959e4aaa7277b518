import { z } from 'zod'

/** What one authorization server publishes of itself, as far as it bears on security. `why`: why it is not known; empty when it is. */
export const IssuerMetadata = z.strictObject({
  issuer: z.string(),
  why: z.string(),
  /** `missing`: it was asked and publishes none. `not-read`: it was not asked, or gave no usable answer. */
  state: z.enum(['read', 'missing', 'not-read']),
  issuerEquals: z.boolean(),
  endpointsHttps: z.boolean(),
  pkceMethods: z.array(z.string()),
  issParameter: z.boolean(),
  clientIdDocuments: z.boolean(),
  registrationEndpoint: z.boolean(),
})
export type IssuerMetadata = z.infer<typeof IssuerMetadata>

/** What an endpoint publishes about how it is protected: read by GET and by one request without a token, and nothing tried. */
export const ApiMetadata = z.strictObject({
  url: z.string(),
  /** HTTP status of an opening message without a token. */
  status: z.int(),
  /** Whether the challenge points to RFC 9728 metadata. */
  pointer: z.boolean(),
  /** The RFC 9728 document; null where none was found. */
  resource: z.strictObject({ equals: z.boolean(), authorizationServers: z.array(z.string()) }).nullable(),
  issuers: z.array(IssuerMetadata),
})
export type ApiMetadata = z.infer<typeof ApiMetadata>
