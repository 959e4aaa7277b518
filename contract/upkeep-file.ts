import { z } from 'zod'
import { Person } from './person.ts'
import { Cadence } from './time.ts'

/** A reference to a secret, never the secret: `env:NAME` or `file:/absolute/path`. */
export const SecretReference = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/)

/** An endpoint whose owner lets it be connected to and tried. */
export const ProbeTarget = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('The MCP endpoint, such as http://127.0.0.1:3001/mcp'),
  name: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What to call it; by default the name of the configured server with this URL'),
  token: SecretReference.optional().describe('Where a bearer token is found: env:NAME or file:/path'),
})

export const Profile = z.enum(['solo', 'team', 'enterprise'])
export type Profile = z.infer<typeof Profile>

/** `upkeep.yaml`, version 1. Optional. Strict: an unknown key is an error with its line. Holds no secrets, only references. */
export const UpkeepFile = z.strictObject({
  version: z.literal(1),
  profile: Profile.default('solo').describe('How many duties are adopted: solo, team or enterprise'),
  projects: z
    .array(z.string())
    .default([])
    .describe('Folders that may hold project configuration; relative to this file'),
  probe: z
    .array(ProbeTarget)
    .max(1_000)
    .default([])
    .describe('Endpoints that may be connected to and tried with negative requests'),
  feeds: z
    .strictObject({
      osv: z.array(z.string()).default([]).describe('OSV records: folders, zip files or single files'),
      registry: z.array(z.string()).default([]).describe('Imported packuments: JSON files'),
    })
    .prefault({}),
  people: z.array(Person).max(10_000).default([]).describe('Who takes part, with their roles'),
  duties: z
    .record(
      z.string(),
      z.strictObject({
        adopted: z.boolean().optional(),
        cadence: Cadence.optional(),
        params: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default({})
    .describe('By duty id: whether it is adopted, how often, with which parameters'),
})
export type UpkeepFile = z.infer<typeof UpkeepFile>
