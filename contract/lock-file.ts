import { z } from 'zod'
import { ClientId, ConfigScope } from './observations/client-config.ts'
import { Digest } from './run.ts'

const text = z.string().max(8_000)

/** A value of an entry: its text, or, where it could be a secret, only that there is one. */
export const LockedValue = z.union([text, z.strictObject({ hidden: text })])
export type LockedValue = z.infer<typeof LockedValue>

/** One server as it shall be. Everything in it can be read by whoever reads the repository: no secrets, no hashes of secrets. */
export const LockedServer = z.strictObject({
  client: ClientId,
  scope: ConfigScope,
  file: text.describe('The configuration file: below <home>, below <here> (the folder of the lock), or absolute'),
  project: text.nullable().describe('The project folder of an entry that only one project has'),
  name: text,
  transport: z.enum(['stdio', 'http', 'sse', 'unknown']),
  command: LockedValue.nullable(),
  args: z.array(LockedValue).max(10_000),
  url: text.nullable(),
  cwd: text.nullable(),
  disabled: z.boolean(),
  package: z
    .strictObject({
      ecosystem: z.enum(['npm', 'PyPI', 'oci']),
      name: text,
      pinned: z.boolean().describe('Whether the entry itself lets only one version be started'),
      version: text.nullable().describe('What would be started; null where that was not known'),
      integrity: Digest.nullable().describe('SHA-256 over every byte of the files of the package'),
      tree: Digest.nullable().describe('SHA-256 over every byte of the whole installed tree'),
    })
    .nullable(),
  surface: Digest.nullable().describe('What it offers to models, by meaning; null where it was never listed'),
  roots: z.array(text).max(1_000).describe('Folders and files that its arguments hand to it'),
  env: z.array(text).max(1_000).describe('Names of the variables that it is given, without their values'),
  headers: z.array(text).max(1_000).describe('Names of the headers that are sent to it, without their values'),
  autoApprove: z.array(text).max(10_000).describe('Tools that its client calls without asking; * is all'),
  mode: z
    .string()
    .regex(/^[0-7]{4}$/)
    .nullable()
    .describe('The mode of the configuration file'),
})
export type LockedServer = z.infer<typeof LockedServer>

/** `upkeep.lock`: which servers there shall be, and how they are started. Written by "upkeep import", reviewed like code. */
export const LockFile = z.strictObject({
  format: z.literal('upkeep-lock/1'),
  madeBy: z.literal('upkeep import'),
  servers: z.array(LockedServer).max(10_000),
})
export type LockFile = z.infer<typeof LockFile>
