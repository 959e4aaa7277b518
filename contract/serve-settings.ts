import { z } from 'zod'
import { SecretReference } from './secret-reference.ts'

const FilePath = z.string().min(1).max(4_000)

/** An address, or a network in CIDR form. */
const ProxyAddress = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

/** A proxy that stands in front, and the address under which people reach it. */
export const BehindProxy = z.strictObject({
  origin: z
    .url({ protocol: /^https?$/ })
    .describe('What people open, such as https://upkeep.example.com: no path. By http on this machine alone'),
  proxies: z
    .array(ProxyAddress)
    .min(1)
    .max(100)
    .describe('Where the proxy connects from: addresses or networks. X-Forwarded-* is believed from these alone'),
})
export type BehindProxy = z.infer<typeof BehindProxy>

/** The OpenID provider by which people sign in. */
export const OidcSettings = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .describe('The provider as it calls itself, such as https://login.example.com; by http on this machine alone'),
  clientId: z.string().min(1).max(500).describe('What upkeep is registered there as'),
  clientSecret: SecretReference.optional().describe(
    'Where its secret is found: env:NAME or file:/path; left out for a public client',
  ),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))
    .max(20)
    .default(['openid', 'email'])
    .describe('What is asked of the provider; it has to hold openid'),
})
export type OidcSettings = z.infer<typeof OidcSettings>

export const SessionLimits = z.strictObject({
  idleMinutes: z.int().min(5).max(1_440).default(60).describe('A session ends when its person did nothing for so long'),
  hours: z.int().min(1).max(24).default(12).describe('A session ends after this, whatever was done'),
})
export type SessionLimits = z.infer<typeof SessionLimits>

/** How `upkeep serve` is reached, and by whom. */
export const ServeSettings = z.strictObject({
  tls: z
    .strictObject({
      certificate: FilePath.describe('The certificate with its chain, as PEM; relative to this file'),
      key: FilePath.describe('Its key, as PEM, readable by nobody else; relative to this file'),
    })
    .optional()
    .describe('TLS of its own'),
  behind: BehindProxy.optional().describe('A proxy with TLS that stands in front'),
  oidc: OidcSettings.optional().describe('People sign in with this OpenID provider: see docs/access.md'),
  sessions: SessionLimits.prefault({}).describe('How long a sign-in with the provider lasts'),
})
export type ServeSettings = z.infer<typeof ServeSettings>
