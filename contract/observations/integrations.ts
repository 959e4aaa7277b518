import { z } from 'zod'

/** A third party that a server talks to, as far as its declaration says: by which sign, and where that stands. */
export const Destination = z.strictObject({
  /** The vendor's id in the pack of vendors; null where the pack knows none for it. */
  vendor: z.string().nullable(),
  title: z.string().nullable(),
  host: z.string().nullable(),
  by: z.enum(['url', 'argument', 'variable', 'package', 'secret', 'authorization-server']),
  where: z.string(),
})
export type Destination = z.infer<typeof Destination>

/** A credential that an entry carries or refers to. Never the value: its kind, its place, and a keyed hash where a value stands there. */
export const Credential = z.strictObject({
  where: z.string(),
  kind: z.string(),
  /** `plain`: the value stands in the file. `reference`: it stands elsewhere. */
  stands: z.enum(['plain', 'reference']),
  fingerprint: z.string().nullable(),
  vendor: z.string().nullable(),
})
export type Credential = z.infer<typeof Credential>

/** What one server is bound to by its declaration: whom it talks to, with which credentials, over which data, and who answers for it. */
export const Integrations = z.strictObject({
  name: z.string(),
  client: z.string(),
  path: z.string(),
  disabled: z.boolean(),
  destinations: z.array(Destination),
  credentials: z.array(Credential),
  /** Hosts that its addresses name and that are this machine itself; left out where there are none. */
  onThisMachine: z.array(z.string()).optional(),
  /** Folders and files that its arguments name. */
  dataRoots: z.array(z.string()),
  /** Addresses that are reached without TLS and lie beyond this machine. */
  withoutTls: z.array(z.strictObject({ host: z.string(), where: z.string() })),
  /** As `upkeep.yaml` declares it. */
  owner: z.string().nullable(),
  ownership: z.string().nullable(),
  rotatedAt: z.string().nullable(),
  /** Other servers whose entries hold the same value, by its keyed hash. */
  shared: z.array(
    z.strictObject({
      fingerprint: z.string(),
      where: z.string(),
      others: z.array(z.strictObject({ name: z.string(), client: z.string(), path: z.string() })),
    }),
  ),
})
export type Integrations = z.infer<typeof Integrations>
