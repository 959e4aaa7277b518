import { z } from 'zod'
import { ApprovalPolicy } from './approval-policy.ts'
import { BranchSettings } from './branch-settings.ts'
import { ListedGateway } from './gateway.ts'
import { ContractStatement } from './maintenance-contract.ts'
import { Freeze, MaintenanceWindow, NeverTogether } from './maintenance-window.ts'
import { Heartbeat, NotifyChannel, StatusPage } from './notify.ts'
import { ClientId } from './observations/client-config.ts'
import { Person } from './person.ts'
import { Ring } from './ring.ts'
import { SecretReference } from './secret-reference.ts'
import { ServeSettings } from './serve-settings.ts'
import { TicketTracker } from './ticket.ts'
import { Cadence } from './time.ts'

/** A call that must be denied, such as one of a tool outside the allow-list. */
const DeniedCall = z.strictObject({
  tool: z.string().min(1).max(200),
  arguments: z.record(z.string(), z.unknown()).default({}),
})

/** A log that can be read as a file, and how long a line may take to get there. */
const LogSink = z.strictObject({
  path: z.string().regex(/^\//, 'an absolute path'),
  withinSeconds: z.int().min(1).max(60).default(10),
})

/** A call that makes a server ask somebody else, and the log of what goes out then. */
const UpstreamCall = z.strictObject({
  tool: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .describe('The tool to call: it is called, so name one that does no harm'),
  arguments: z.record(z.string(), z.unknown()).default({}),
  log: z
    .string()
    .regex(/^\//, 'an absolute path')
    .describe('The log file of what goes out, with headers, such as that of the upstream or of a proxy before it'),
  shows: z.string().min(3).max(200).describe('A text by which the request that then goes out is known in that log'),
  withinSeconds: z.int().min(1).max(60).default(10),
})

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
  foreignToken: SecretReference.optional().describe(
    'Where a token of the same issuer for another server is found: it must be refused',
  ),
  denied: z
    .array(DeniedCall)
    .max(20)
    .optional()
    .describe('Calls that must be denied. They are made: name some that do no harm where they are not'),
  log: LogSink.optional().describe('The log file in which a denial must appear'),
  upstream: UpstreamCall.optional().describe(
    'By what it can be seen that the token goes no further than this server; by default it is not tried',
  ),
  burst: z
    .int()
    .min(5)
    .max(300)
    .optional()
    .describe('How many requests may be made, ten a second, to find the rate limit; by default it is not tried'),
  issuers: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(20)
    .optional()
    .describe('Authorization servers of this endpoint whose published metadata may be read'),
})

/** A feed that lies beside, and what is expected of it. */
const FeedSource = z
  .strictObject({
    path: z.string().min(1).describe('A folder or file; or https://api.osv.dev, which is asked only with --online'),
    maxAgeDays: z
      .int()
      .min(1)
      .max(3_650)
      .optional()
      .describe('How many days old its newest record may be; by default what suits its form'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('The SHA-256 that the file must have'),
    key: z
      .string()
      .regex(/^(ssh|ecdsa)-[a-z0-9-]{2,30} [A-Za-z0-9+/]{20,4000}={0,2}( .{0,200})?$/)
      .optional()
      .describe('The SSH public key that must have signed it, as in a .pub file; the signature lies beside it in .sig'),
  })
  // A condition that nothing could hold a service to would be passed over in silence.
  .refine(({ path, key }) => key === undefined || !isAddress(path), {
    path: ['key'],
    message: 'an address that is asked signs nothing: a key can be named for a file or folder only',
  })
  .refine(({ path, sha256 }) => sha256 === undefined || !isAddress(path), {
    path: ['sha256'],
    message: 'an address that is asked has no digest: one can be named for a file only',
  })

function isAddress(path: string): boolean {
  return /^https?:\/\//i.test(path)
}

/** A container image that can be read without asking Docker: what `docker save` wrote, or an OCI layout (a folder, or a tar of one). */
const ImageArchive = z.strictObject({
  reference: z.string().min(1).max(500).describe('The image as entries name it, such as ghcr.io/acme/server:1.2'),
  path: z.string().min(1).describe('The archive or layout folder; relative to this file'),
})

/** What the owner states of one server: who answers for it, and when its credentials were last replaced. */
export const ServerStatement = z.strictObject({
  name: z.string().min(1).max(200).describe('The server as its entry is called; every entry of that name'),
  owner: z.string().min(1).max(200).optional().describe('Who answers for it: a person or a team'),
  ownership: z
    .enum(['own', 'vendor', 'community'])
    .optional()
    .describe('Whose product it is: our own, that of a vendor with a contract, or of a community'),
  goldenCalls: z.string().min(1).optional().describe('A file of calls that must go on working; relative to this one'),
  costs: z.string().min(1).optional().describe('What its controls cost, as measured: a file; relative to this one'),
  rotated: z.iso.date().optional().describe('The day on which all its credentials were last replaced'),
  contract: ContractStatement.optional().describe(
    'What its maintenance contract states: see docs/maintenance-contract.md',
  ),
})

/** What is done about servers that are not as `upkeep.lock` says. The first that fits a server counts; where none does it is `observe`. */
export const DesiredMode = z.strictObject({
  mode: z
    .enum(['observe', 'propose', 'enforce'])
    .describe('observe: say it; propose: a change waits for approval; enforce: set it back, once the state is signed'),
  servers: z.array(z.string().min(1).max(200)).min(1).max(1_000).optional().describe('Only servers of these names'),
  clients: z.array(ClientId).min(1).optional().describe('Only servers of these clients'),
  places: z
    .array(z.string().min(1))
    .min(1)
    .max(1_000)
    .optional()
    .describe('Only configuration files in these folders: absolute, or relative to this file'),
})
export type DesiredMode = z.infer<typeof DesiredMode>

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
  gateways: z
    .array(ListedGateway)
    .max(100)
    .default([])
    .describe('Gateways that are asked for their servers, and changed where a change is approved'),
  feeds: z
    .strictObject({
      osv: z.array(z.string()).default([]).describe('OSV records: folders, zip files or single files'),
      sources: z
        .array(FeedSource)
        .max(200)
        .optional()
        .describe('Feeds of any form that is read: OSV, KEV, EPSS, CVE records, STIX, CSAF, CSV of indicators'),
      registry: z.array(z.string()).default([]).describe('Imported packuments and attestations: JSON files'),
    })
    .prefault({}),
  trust: z
    .strictObject({
      registryKeys: z
        .string()
        .min(1)
        .optional()
        .describe('The keys of your registry, as it answers under /-/npm/v1/keys: then no other key counts'),
      sigstoreRoot: z
        .string()
        .min(1)
        .optional()
        .describe('A trusted_root.json of Sigstore, instead of the one that arrives with upkeep'),
    })
    .optional()
    .describe('By what signatures and attestations of packages are checked'),
  urgency: z.string().min(1).optional().describe('A table of due dates of your own: a JSON file, relative to this one'),
  images: z
    .array(ImageArchive)
    .max(1_000)
    .default([])
    .describe('Container images that lie on this machine as archives, so that what they hold can be read'),
  bundles: z
    .array(z.string().min(1))
    .max(1_000)
    .default([])
    .describe('Packed MCP bundles (.mcpb, .dxt) kept for a fleet: files or folders of them; relative to this file'),
  servers: z.array(ServerStatement).max(10_000).default([]).describe('Who answers for which server'),
  people: z.array(Person).max(10_000).default([]).describe('Who takes part, with their roles'),
  policies: z
    .array(ApprovalPolicy)
    .max(100)
    .optional()
    .describe('What changes take before they may be made; without it, what docs/changes.md says'),
  windows: z
    .array(MaintenanceWindow)
    .max(200)
    .default([])
    .describe('When changes may be made; without any, whenever they are approved'),
  freezes: z.array(Freeze).max(1_000).default([]).describe('When no change is made, whatever window is open'),
  dependencies: z
    .array(NeverTogether)
    .max(1_000)
    .default([])
    .describe('Pairs of servers that may not be down together, such as a gateway and what takes over from it'),
  rings: z
    .array(Ring)
    .max(50)
    .default([])
    .describe('In which order a change reaches many homes; without any, all at once'),
  notify: z
    .array(NotifyChannel)
    .max(20)
    .default([])
    .describe('Where emergencies, changes and alarms are told of: see docs/notifications.md'),
  tickets: z.array(TicketTracker).max(20).default([]).describe('Where changes get a ticket each: see docs/tickets.md'),
  outgoing: z
    .strictObject({
      inner: z
        .array(
          z
            .string()
            .regex(/^([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/, 'a host or host:port, in lower case'),
        )
        .max(100)
        .default([])
        .describe('Hosts of your own network that may be told as well, and without TLS; all others have to be public'),
    })
    .prefault({})
    .describe('What may be reached with messages, signs of life and tickets'),
  heartbeat: Heartbeat.optional().describe(
    'An address that is called after each good round, so that its silence is noticed',
  ),
  statusPage: StatusPage.prefault({}).describe('The page that says which servers are under maintenance'),
  serve: ServeSettings.prefault({}).describe('How "upkeep serve" is reached from elsewhere, and how people sign in'),
  branches: BranchSettings.prefault({}).describe('How "upkeep fix --branch" makes branches of Git repositories'),
  modes: z
    .array(DesiredMode)
    .max(1_000)
    .default([])
    .describe('What is done about servers that are not as upkeep.lock says: see docs/desired-state.md'),
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
