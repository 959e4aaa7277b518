import { z } from 'zod'
import { SecretReference } from './secret-reference.ts'

/** A gateway that its owner lists: it is asked for its servers, and changed where a change is approved. No other one is contacted. */
export const ListedGateway = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .regex(/^[^?#@\s]{1,500}$/, 'an address without user, query and fragment')
    .describe('Where its admin API is, such as http://127.0.0.1:3333; http only on this machine'),
  kind: z.enum(['fiberplane-gateway']).describe('Which gateway it is: see docs/gateways.md'),
  token: SecretReference.describe('Where its admin token is found: env:NAME or file:/path'),
})
export type ListedGateway = z.infer<typeof ListedGateway>
