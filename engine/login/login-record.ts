import { Instant } from '@upkeep/contract/time'
import { z } from 'zod'

/** What opens a server: kept in the keyring or sealed, and nowhere else. `url` ties it to the one address that it is for. */
export const LoginSecrets = z.strictObject({
  url: z.string(),
  accessToken: z.string().min(1),
  refreshToken: z.string().nullable(),
  clientSecret: z.string().nullable(),
})
export type LoginSecrets = z.infer<typeof LoginSecrets>

/** AES-256-GCM over the secrets; all three in base64. */
export const SealedSecrets = z.strictObject({ nonce: z.string(), text: z.string(), tag: z.string() })
export type SealedSecrets = z.infer<typeof SealedSecrets>

/** One login as it lies in `logins/` of the state folder. */
export const LoginRecord = z.strictObject({
  version: z.literal(1),
  /** The whole address that the client's entry has. */
  url: z.string(),
  /** What the token was asked for (RFC 8707). */
  resource: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  clientAuthentication: z.enum(['none', 'client_secret_post', 'client_secret_basic']),
  registration: z.enum(['pre-registered', 'client-id-document', 'dynamic']),
  scope: z.string().nullable(),
  obtainedAt: Instant,
  expiresAt: Instant.nullable(),
  refreshable: z.boolean(),
  lastRefresh: z.strictObject({ at: Instant, outcome: z.enum(['refreshed', 'failed']), reason: z.string() }).nullable(),
  kept: z.enum(['keyring', 'file']),
  sealed: SealedSecrets.nullable(),
})
export type LoginRecord = z.infer<typeof LoginRecord>
/** A login before it is kept. */
export type NewLogin = Omit<LoginRecord, 'kept' | 'sealed' | 'version'>
