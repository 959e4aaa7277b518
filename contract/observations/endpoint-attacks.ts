import { z } from 'zod'
import { Instant } from '../time.ts'
import { ServerProbeResult } from './server-probes.ts'

/**
 * Harmless attacks on the controls of one listed endpoint, made over HTTP when a review of controls was due or asked for. They say how it
 * was at that time; each keeps its own where they were not made together.
 */
export const EndpointAttacks = z.strictObject({ url: z.string(), at: Instant, results: z.array(ServerProbeResult) })
export type EndpointAttacks = z.infer<typeof EndpointAttacks>
