import { z } from 'zod'
import { Advisories } from './observations/advisories.ts'
import { ApiMetadata } from './observations/api-metadata.ts'
import { ApprovedServer } from './observations/approved-server.ts'
import { BundledCode } from './observations/bundled-code.ts'
import { Changes } from './observations/changes.ts'
import { ClientConfig } from './observations/client-config.ts'
import { ControlCosts } from './observations/control-costs.ts'
import { ControlProbes } from './observations/control-probes.ts'
import { CredentialHistory } from './observations/credential-history.ts'
import { DeclaredServer } from './observations/declared-server.ts'
import { DependencyHealth } from './observations/dependency-health.ts'
import { DesiredServer } from './observations/desired-server.ts'
import { Endpoint } from './observations/endpoint.ts'
import { EndpointAttacks } from './observations/endpoint-attacks.ts'
import { FileExposure } from './observations/file-exposure.ts'
import { FleetHistory } from './observations/fleet-history.ts'
import { ForeignResults } from './observations/foreign-results.ts'
import { HostProcesses } from './observations/host-process.ts'
import { InstalledTraces } from './observations/installed-traces.ts'
import { Integrations } from './observations/integrations.ts'
import { Listener } from './observations/listener.ts'
import { NameResemblance } from './observations/name-resemblance.ts'
import { PersonRecord } from './observations/person-record.ts'
import { Registry } from './observations/registry.ts'
import { RequirementSet } from './observations/requirement-set.ts'
import { ResolvedPackage } from './observations/resolved-package.ts'
import { RunPlan } from './observations/run-plan.ts'
import { ServerLogin } from './observations/server-login.ts'
import { ServerProbes } from './observations/server-probes.ts'
import { ServerSource } from './observations/server-source.ts'
import { ServerTests } from './observations/server-tests.ts'
import { ToolSurface } from './observations/tool-surface.ts'
import { UrgencyTable } from './observations/urgency-table.ts'
import type { Subject } from './subject.ts'

/** How strongly an observation is known: declared < resolved < observed < proven. */
export const Strength = z.enum(['declared', 'resolved', 'observed', 'proven'])
export type Strength = z.infer<typeof Strength>

/** Every kind of thing that can be seen: what it is about, how strongly it is known, its facts. */
export const observationKinds = {
  'client-config': { about: 'file', strength: 'declared', facts: ClientConfig },
  'declared-server': { about: 'server', strength: 'declared', facts: DeclaredServer },
  'resolved-package': { about: 'server', strength: 'resolved', facts: ResolvedPackage },
  'bundled-code': { about: 'server', strength: 'resolved', facts: BundledCode },
  'dependency-health': { about: 'server', strength: 'resolved', facts: DependencyHealth },
  'name-resemblance': { about: 'server', strength: 'declared', facts: NameResemblance },
  integrations: { about: 'server', strength: 'declared', facts: Integrations },
  'credential-history': { about: 'server', strength: 'declared', facts: CredentialHistory },
  'server-login': { about: 'server', strength: 'observed', facts: ServerLogin },
  'server-source': { about: 'server', strength: 'resolved', facts: ServerSource },
  'run-plan': { about: 'server', strength: 'resolved', facts: RunPlan },
  'installed-traces': { about: 'server', strength: 'resolved', facts: InstalledTraces },
  'file-exposure': { about: 'file', strength: 'resolved', facts: FileExposure },
  endpoint: { about: 'server', strength: 'observed', facts: Endpoint },
  'tool-surface': { about: 'server', strength: 'observed', facts: ToolSurface },
  'host-processes': { about: 'server', strength: 'observed', facts: HostProcesses },
  listener: { about: 'server', strength: 'observed', facts: Listener },
  'server-tests': { about: 'server', strength: 'proven', facts: ServerTests },
  'server-probes': { about: 'server', strength: 'proven', facts: ServerProbes },
  'endpoint-attacks': { about: 'server', strength: 'proven', facts: EndpointAttacks },
  'api-metadata': { about: 'server', strength: 'observed', facts: ApiMetadata },
  'control-costs': { about: 'server', strength: 'proven', facts: ControlCosts },
  'control-probes': { about: 'server', strength: 'proven', facts: ControlProbes },
  advisories: { about: 'fleet', strength: 'declared', facts: Advisories },
  registry: { about: 'fleet', strength: 'declared', facts: Registry },
  'approved-server': { about: 'server', strength: 'declared', facts: ApprovedServer },
  'desired-server': { about: 'server', strength: 'declared', facts: DesiredServer },
  'requirement-set': { about: 'fleet', strength: 'declared', facts: RequirementSet },
  'urgency-table': { about: 'fleet', strength: 'declared', facts: UrgencyTable },
  'fleet-history': { about: 'fleet', strength: 'resolved', facts: FleetHistory },
  changes: { about: 'fleet', strength: 'proven', facts: Changes },
  'foreign-results': { about: 'fleet', strength: 'declared', facts: ForeignResults },
  'person-record': { about: 'person', strength: 'declared', facts: PersonRecord },
} as const satisfies Record<string, { about: Subject['kind']; strength: Strength; facts: z.ZodType }>

export type ObservationKind = keyof typeof observationKinds
export type Facts<Kind extends ObservationKind> = z.infer<(typeof observationKinds)[Kind]['facts']>

/** Why something could not be looked at. Closed and permanent: reports, tests and exit codes rest on it. */
export const UnavailableCode = z.enum([
  'permission-denied',
  'malformed',
  'too-large',
  'too-deep',
  'not-a-file',
  'link-loop',
  'changed-while-reading',
  'unreachable',
  'timed-out',
  'not-consented',
  'not-configured',
  'not-supported',
  'stale',
  'collector-failed',
])
export type UnavailableCode = z.infer<typeof UnavailableCode>

/**
 * What a collector says of one subject. `seen`: here are the facts. `absent`: it was looked for and is not there.
 * `unavailable`: it could not be looked at, and the verdicts that need it are unknown.
 */
export type Observation<Kind extends ObservationKind = ObservationKind> = Kind extends ObservationKind
  ? { kind: Kind; subject: Subject } & Seen<Kind>
  : never

export type Seen<Kind extends ObservationKind> =
  | { state: 'seen'; facts: Facts<Kind> }
  | { state: 'absent'; reason: string }
  | { state: 'unavailable'; code: UnavailableCode; reason: string }

/** An observation, of whichever kind, that could not be made. */
export function unavailableOf(
  kind: ObservationKind,
  subject: Subject,
  code: UnavailableCode,
  reason: string,
): Observation {
  // True for each kind by itself; the compiler compares no more than 25 members of a union one by one.
  return { kind, subject, state: 'unavailable', code, reason } as Observation
}
