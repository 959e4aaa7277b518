import { Subject } from '@upkeep/contract'
import { EndpointAttacks } from '@upkeep/contract/observations/endpoint-attacks'
import { ServerProbes } from '@upkeep/contract/observations/server-probes'
import { z } from 'zod'

/** What was proven of which server. */
export const ProveOutput = z.strictObject({
  round: z.string().nullable(),
  servers: z.array(
    z.strictObject({
      subject: Subject,
      /** What was proven; null where nothing could be, and `reason` says why. */
      proven: ServerProbes.nullable(),
      /** What came of attacks on its listed endpoint; null where none were made. */
      endpoint: EndpointAttacks.nullable(),
      reason: z.string(),
    }),
  ),
})
export type ProveOutput = z.infer<typeof ProveOutput>
