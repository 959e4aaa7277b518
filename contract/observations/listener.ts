import { z } from 'zod'

/** The sockets of this host that listen on a server's port. */
export const Listener = z.strictObject({
  port: z.int().min(1).max(65_535),
  /** Addresses as the kernel lists them, in text form: `127.0.0.1`, `::`, `0.0.0.0`. Empty when nothing listens. */
  addresses: z.array(z.strictObject({ address: z.string(), loopback: z.boolean(), uid: z.int() })),
})
export type Listener = z.infer<typeof Listener>
