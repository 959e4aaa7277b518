import { z } from 'zod'

/** How a server stands, for those who use it: `fine` only where it is as approved and nothing stands against it; what is not known is not fine. */
export const ServerState = z.enum(['degraded', 'maintenance', 'fine', 'unknown'])
export type ServerState = z.infer<typeof ServerState>

/** What a status page says. It holds no finding, no change, no path, and of nobody a name but those of servers. */
export const StatusPageContent = z.strictObject({
  title: z.string(),
  at: z.string(),
  /** Whether it may be shown to who did not sign in. */
  public: z.boolean(),
  /** When the servers were last looked at; null: never. */
  observedAt: z.string().nullable(),
  /** The worst of them all. */
  state: ServerState,
  banner: z.array(
    z.strictObject({
      kind: z.enum(['emergency', 'maintenance', 'planned']),
      /** Null: every server. */
      servers: z.array(z.string()).nullable(),
      from: z.string(),
      until: z.string().nullable(),
    }),
  ),
  servers: z.array(z.strictObject({ name: z.string(), state: ServerState })),
})
export type StatusPageContent = z.infer<typeof StatusPageContent>

const order = ServerState.enum
const worstFirst = [order.degraded, order.maintenance, order.unknown, order.fine]

/** The worst of several: degraded, then under maintenance, then not known. Of none it is not known. */
export function worstState(states: readonly ServerState[]): ServerState {
  return worstFirst.find((one) => states.includes(one)) ?? 'unknown'
}
