import { Credential, Integrations } from '@upkeep/contract/observations/integrations'
import { z } from 'zod'

/** One server of the register. The keyed hashes stay inside: what they are good for is said in words. */
export const IntegrationEntry = z.strictObject({
  ...Integrations.omit({ shared: true, credentials: true }).shape,
  id: z.string(),
  credentials: z.array(
    z.strictObject({
      ...Credential.omit({ fingerprint: true }).shape,
      sameSince: z.string().nullable(),
      /** True when it is known to have begun then; else it may be older. */
      beganThen: z.boolean(),
      alsoIn: z.array(z.string()),
    }),
  ),
})
export type IntegrationEntry = z.infer<typeof IntegrationEntry>

/** What is in reach of one vendor. */
export const BlastRadius = z.strictObject({
  vendor: z.string(),
  servers: z.array(z.string()),
  clients: z.array(z.string()),
  /** Credentials that open the vendor, or that servers hold that talk to it. */
  secrets: z.array(
    z.strictObject({ server: z.string(), where: z.string(), kind: z.string(), opensVendor: z.boolean() }),
  ),
  dataRoots: z.array(z.strictObject({ server: z.string(), path: z.string() })),
  owners: z.array(z.string()),
  withoutOwner: z.array(z.string()),
  /** Servers elsewhere that hold one of these values too. */
  alsoIn: z.array(z.string()),
})
export type BlastRadius = z.infer<typeof BlastRadius>

export const IntegrationsOutput = z.strictObject({
  seenAt: z.string(),
  servers: z.array(IntegrationEntry),
  notRead: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  radius: BlastRadius.nullable(),
})
