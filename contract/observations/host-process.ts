import { z } from 'zod'
import { Instant } from '../time.ts'

/** A connection of a process, as the kernel lists it. Addresses stand with their port: `192.0.2.1:443`, `[2001:db8::1]:443`. */
export const HostConnection = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  local: z.string(),
  remote: z.string(),
})
export type HostConnection = z.infer<typeof HostConnection>

/** One process of a server, or one that it started. What could not be read, such as of another user's process, is null. */
export const HostProcess = z.strictObject({
  pid: z.int().positive(),
  parent: z.int().nonnegative(),
  /** Of the user it runs as; null where it cannot be told. */
  uid: z.int().nullable(),
  program: z.string(),
  /** How it is known to belong to the server. */
  by: z.enum(['command-line', 'listening-port', 'child']),
  startedAt: Instant,
  cpuMs: z.int(),
  memoryBytes: z.int(),
  threads: z.int(),
  openFiles: z.int().nullable(),
  connections: z.array(HostConnection).nullable(),
})
export type HostProcess = z.infer<typeof HostProcess>

/** The processes of a server that run on this machine at the time of the look, with all that they started. */
export const HostProcesses = z.strictObject({
  at: Instant,
  processes: z.array(HostProcess),
  /** What could not be read, and why; a process of another user above all. */
  notRead: z.array(z.string()),
})
export type HostProcesses = z.infer<typeof HostProcesses>
