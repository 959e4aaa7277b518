export { ApprovalPolicy } from './approval-policy.ts'
export { Baseline } from './baseline.ts'
export { ChangeInput, type ChangeKind, type ChangeOf } from './change.ts'
export { ChangeClass, ChangePlan, EntryState, FileState, PlannedEffect } from './change-plan.ts'
export { Approval, ChangeAssessment, ChangeSighting, ChangeStep, ChangeTest } from './change-step.ts'
export { type AnyCollector, type CollectCall, type CollectFor, type Collector, defineCollector } from './collector.ts'
export { ConfinedPlace, ConfinementProfile, LearnedUse } from './confinement.ts'
export { drawVerdict, missingNeeds } from './draw-verdict.ts'
export { Due } from './due.ts'
export {
  type AnyAssessment,
  type AnyDuty,
  type AssessInput,
  type Assessment,
  type Duty,
  defineDuty,
  type EarlierFinding,
  type FindingDraft,
  type Handed,
  type Need,
  type Needs,
  need,
  optional,
  type Rule,
  type Rules,
  rule,
} from './duty.ts'
export { AffectedServer, CapturedEvidence, EmergencyTrigger } from './emergency.ts'
export { type ErrorCode, errorCatalogue, UpstreamError, UserError } from './errors.ts'
export { EvidencePack, LedgerKey, PackedRecord, SealedType } from './evidence.ts'
export { Acceptance, Finding, Proposal, Severity, StatedFinding } from './finding.ts'
export { ListedGateway } from './gateway.ts'
export { CallOutcome, GoldenCall, GoldenCalls, ReplayedCall } from './golden-calls.ts'
export { LockedServer, LockedValue, LockFile } from './lock-file.ts'
export {
  ContractStatement,
  MaintenanceContract,
  MaintenanceEnvelope,
  MaintenanceStatement,
} from './maintenance-contract.ts'
export { Freeze, MaintenanceWindow, NeverTogether } from './maintenance-window.ts'
export {
  type Facts,
  type Observation,
  type ObservationKind,
  observationKinds,
  type Seen,
  Strength,
  UnavailableCode,
  unavailableOf,
} from './observation.ts'
export { Era, ListedTool, ToolSurface } from './observations/tool-surface.ts'
export { Attestation, Person, Presence, Role, Signer } from './person.ts'
export { PersonKey } from './person-key.ts'
export type { Place } from './place.ts'
export type * from './ports.ts'
export {
  type AnyProbe,
  type ControlAttempt,
  defineProbe,
  type Probe,
  type ProbeAttempt,
  type ProbeSubject,
} from './probe.ts'
export {
  type AnyRemediation,
  defineRemediation,
  type Effect,
  type FileEffect,
  type Preview,
  type Remediation,
} from './remediation.ts'
export { ChangeRing, Ring } from './ring.ts'
export { ClockKind, Digest, ObservationManifest, Run } from './run.ts'
export { RunConsent } from './run-consent.ts'
export * from './sandbox.ts'
export { SecretReference } from './secret-reference.ts'
export { BehindProxy, OidcSettings, ServeSettings, SessionLimits } from './serve-settings.ts'
export {
  defineServerProbe,
  type ProbeStart,
  type ServerProbe,
  type ServerProbeAttempt,
  type ServerReply,
  type ServerUnderTest,
  type StartedServer,
} from './server-probe.ts'
export type { Settings } from './settings.ts'
export { fileSubject, fleet, personSubject, Subject, serverSubject } from './subject.ts'
export { Cadence, Instant } from './time.ts'
export { ProbeTarget, Profile, UpkeepFile } from './upkeep-file.ts'
export { Verdict, VerdictWord } from './verdict.ts'
