import type { ChangeInput } from '@upkeep/contract/change'
import type { Due } from '@upkeep/contract/due'
import type { Acceptance, Finding, Severity } from '@upkeep/contract/finding'
import type { ObservationKind, Strength, UnavailableCode } from '@upkeep/contract/observation'
import type { FeedForm } from '@upkeep/contract/observations/advisories'
import type { Run } from '@upkeep/contract/run'
import type { Subject } from '@upkeep/contract/subject'
import type { Cadence, Instant } from '@upkeep/contract/time'
import type { Profile } from '@upkeep/contract/upkeep-file'
import type { Verdict } from '@upkeep/contract/verdict'

/** A duty as a report names it: what the catalogue declares, and whether this installation adopted it. */
export interface ReportDuty {
  id: string
  title: string
  heading: string
  summary: string
  cadence: Cadence
  adopted: boolean
  adoptedBy: readonly Profile[]
  /** The kinds of observation that it needs. */
  sees: readonly ObservationKind[]
  rules: readonly { id: string; version: number; title: string; severity: Severity; help: string }[]
}

/** One server as far as it is known: the strongest thing that was seen of it, and what it comes to. */
export interface CoveredServer {
  subject: Subject
  client: string
  scope: string
  path: string
  /** Where in the file the entry stands; null where that is not known. */
  line: number | null
  transport: string
  disabled: boolean
  strength: Strength
  /** What the entry launches: package with version, image, script, or URL. */
  launches: string
  /** The version that would run today; null when it cannot be known. */
  version: string | null
  digest: string | null
  /** Why no version is known, or what was seen instead. */
  why: string
}

/** How old a feed of advisories is that was looked through. */
export interface FeedAge {
  id: string
  form: FeedForm
  /** When its newest record was changed; null where none says. */
  newest: Instant | null
  /** How old that may be, where its owner or its kind says. */
  maxAgeDays: number | null
}

/** What was looked at, and what could not be. Every report begins with it. */
export interface Coverage {
  observedAt: Instant | null
  servers: readonly CoveredServer[]
  clients: readonly string[]
  strengths: Readonly<Record<Strength, number>>
  filesRead: number
  unreadable: readonly { subject: Subject; code: UnavailableCode; reason: string }[]
  problems: readonly { path: string; at: string; problem: string }[]
  /** Servers that were started in the sandbox, and that were connected to; whether the package registry was asked. */
  started: number
  connected: number
  /** Gateways that were asked for their servers, whether or not they answered. */
  gatewaysAsked: number
  registryAsked: boolean
  feeds: readonly FeedAge[]
}

/** Findings that one change closes, as one thing to do. */
export interface Item {
  key: string
  severity: Severity
  subjects: readonly Subject[]
  duty: string
  title: string
  summary: string
  action: string
  /** The same change, in each server and file that needs it; empty where none can be proposed. */
  changes: readonly ChangeInput[]
  limits: readonly string[]
  /** The soonest of its findings; null where no rule says by when. */
  due: Due | null
  firstSeenAt: Instant
  /** Who answers for them: by `upkeep.yaml`, else by CODEOWNERS. Empty where neither names anybody. */
  owners: readonly string[]
  /** The homes and projects that they lie in. */
  places: readonly string[]
  findings: readonly Finding[]
}

/** A finding that someone decided to live with until a day. It is still a `fail`. */
export interface AcceptedFinding {
  finding: Finding
  acceptance: Acceptance
}

/** One reason why something is not known, and everything that it leaves unjudged. */
export interface UnknownGroup {
  reason: string
  duties: readonly string[]
  subjects: readonly Subject[]
}

/** Where an observation of a run lies, and how it was obtained. */
export interface ObservationSource {
  kind: string
  subject: Subject
  digest: string
  strength: Strength | null
  /** Collectors that see this kind, with the version that ran. */
  collectors: readonly string[]
  state: string | null
  /** Canonical form; null when it was left out to bound the report. */
  body: string | null
}

/** One verdict with the run that drew it and everything it rests on. */
export interface VerdictSource {
  duty: string
  run: string
  verdict: Verdict
  observations: readonly ObservationSource[]
}

/** The latest completed run of one duty, with its place in the ledger. */
export interface RunSource {
  run: Run
  ledgerIndex: number | null
}

/** One duty's standing: when it last ran, and what came of it. */
export interface DutyStanding {
  duty: ReportDuty
  latest: Run | null
  /** A later attempt that came to nothing. */
  failedSince: Run | null
}

/** Everything a report says, drawn from stored records. Renderers add words and form, never facts. */
export interface ReportModel {
  at: Instant
  version: string
  profile: Profile
  practice: boolean
  simulatedClock: boolean
  /** The home that was looked at; null where there was more than one. */
  home: string | null
  coverage: Coverage
  items: readonly Item[]
  accepted: readonly AcceptedFinding[]
  unknowns: readonly UnknownGroup[]
  standings: readonly DutyStanding[]
  notAdopted: readonly ReportDuty[]
  verdicts: readonly VerdictSource[]
  runs: readonly RunSource[]
  /** Ledger index of each shown finding and acceptance record, by record id. */
  ledgerIndexes: ReadonlyMap<string, number>
  totals: {
    findings: number
    accepted: number
    unknown: number
    pass: number
    notApplicable: number
  }
  ledger: { size: number; checkpoint: { size: number; root: string; at: Instant } | null }
}
