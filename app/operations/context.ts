import type {
  ChangePlan,
  GoldenCall,
  Observation,
  ObservationKind,
  Person,
  Place,
  Profile,
  Refusal,
  Run,
  Signer,
  Subject,
  ToolSurface,
  UpkeepFile,
} from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { ObservedUse } from '@upkeep/domain/confinement/draft-profile'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import type { Captured } from '@upkeep/engine/collect/capture-server'
import type { Keyring } from '@upkeep/engine/evidence/keyring'
import type { Catalog } from '@upkeep/engine/kernel/catalog'
import type { Clock } from '@upkeep/engine/kernel/clock'
import type { KeptParts } from '@upkeep/engine/report/kept-parts'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import type { ReportDuty } from '@upkeep/engine/report/report-model'
import type { Store } from '@upkeep/engine/store/store'
import type { OpenDoor, ServeBinding } from '../serve-binding.ts'

/** Everything that an operation may touch. Made once per command by the composition root; a door adds only progress and the signal. */
export interface Context {
  readonly version: string
  readonly clock: Clock
  readonly catalog: Catalog
  /** The installed duties as this installation adopted them. */
  readonly duties: readonly ReportDuty[]
  readonly profile: Profile
  /** Where the profile is written: `upkeep.yaml` names it, or the state folder's `settings.json` does. */
  readonly profileFrom: 'upkeep.yaml' | 'settings' | 'default'
  readonly upkeepFile: UpkeepFile
  readonly upkeepFilePath: string | null
  readonly places: readonly Place[]
  readonly people: readonly Person[]
  readonly stateDir: string
  readonly practice: boolean
  /** Whether somebody reads the answer as text or as a table: else neither is written. */
  readonly printed: boolean
  /** What was drawn of the state before, where a process answers many questions. */
  readonly parts: KeptParts
  /** Ids of the operations that doors other than the terminal have. */
  readonly operations: readonly string[]
  readonly machine: Machine
  /** Who acts, as far as that is known. */
  readonly signer: Signer
  readonly signal: AbortSignal
  /** Opens the state at the first call: what needs none leaves none behind. */
  store(): Promise<Store>
  /** The state as it is, or null when there is none yet: reading must not make one. */
  existingStore(): Promise<Store | null>
  /** What it takes to seal a record that a person makes. */
  readonly keyring: Keyring
  /** Says what is being done and waited for. */
  progress(what: string): void
  /** Says a line that the person needs before the answer, terminal or not. Never on standard output. */
  tell(line: string): void
  readonly acts: Acts
  /** The person at the door, where there is one that can be asked: at a terminal, or in a browser with a passkey of theirs. */
  readonly person: PersonAtDoor | null
  /** What passkeys can do at this door; left out where there is no browser. */
  readonly passkeys?: PasskeyDoor
}

/** The browser at a door, which asks an authenticator. */
export interface PasskeyDoor {
  /** The page, such as `http://localhost:7420`. Passkeys are bound to it. */
  readonly origin: string
  /** Any of these passkeys, as enrolled; their owner is asked for each signature, and shown this with it. */
  keyOf(lines: readonly string[], shown: string): PersonalKey
}

/** Somebody who sees what is shown before they answer. What they say proves no more than that the terminal was answered. */
export interface PersonAtDoor {
  readonly style: TerminalStyle
  /** Their yes is the signature that follows: what is not signed is not asked of them. */
  readonly answersBySigning?: true
  show(text: string): void
  /** One line, as it was typed; null where the terminal was closed. */
  ask(question: string): Promise<string | null>
  /** As `ask`, with nothing shown of what is typed. */
  askSecret(question: string): Promise<string | null>
  /** The person's key in a file, if using it takes them. Throws UserError `bad-input` with what is wrong with it. */
  keyAt(path: string): PersonalKey
  /** Where the private half of a public key lies; null where it is not known. */
  findKey(line: string): string | null
}

/** A key that its owner has to unlock or touch for each signature. */
export interface PersonalKey {
  readonly line: string
  readonly presence: 'ssh-key' | 'security-key' | 'passkey'
  /** An armoured SSH signature over a text, or a WebAuthn assertion. Throws UserError `needs-a-person` where it was not unlocked. */
  sign(text: string): Promise<string>
}

/** What of the machine an operation must know: whose it is, and where things are. */
export interface Machine {
  readonly platform: string
  readonly home: string
  readonly user: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly nodePath: string
  /** The file that a scheduler starts: `dist/bin/upkeep.js`, or the source door in development. */
  readonly programPath: string
}

/** What is asked of one scan. */
export interface ScanRequest {
  /** `due`: what is due; `all`: every adopted duty; or the duties named. */
  readonly what: 'due' | 'all' | readonly string[]
  /** Folders that each hold homes; empty for this machine. */
  readonly homes: readonly string[]
  /** Project folders that are looked at alone, without a home; none for this machine. */
  readonly project?: readonly string[]
  readonly probe: boolean
  readonly online: boolean
  /** Ids of servers whose bytes are to be probed in the sandbox; left out, none. */
  readonly prove?: readonly string[] | 'all'
  /** Whether their controls are attacked as well. */
  readonly proveControls?: boolean
}

/** What a scan did. What it found stands in the store. */
export interface ScanOutcome {
  readonly round: string | null
  readonly ran: readonly string[]
  readonly nextDue: readonly { duty: string; at: string }[]
  readonly opened: number
  readonly resolved: number
}

/** What is asked of one login. */
export interface LoginAsked {
  readonly url: string
  readonly clientId: string | null
  readonly clientSecret: string | null
  readonly scope: string | null
  readonly port: number
  ask(step: { authorizeAt: string; issuer: string; registration: LoginGiven['registration'] }): void
}

/** What came of a login. Never what opens the server. */
export interface LoginGiven {
  readonly url: string
  readonly issuer: string
  readonly kept: 'keyring' | 'file'
  readonly registration: 'pre-registered' | 'client-id-document' | 'dynamic'
  readonly scope: string | null
  readonly expiresAt: string | null
  readonly refreshable: boolean
}

/** One record that does not come out the same when its observations are assessed again. */
export interface Rederivation {
  readonly runs: number
  readonly verdicts: number
  readonly differing: readonly { run: string; duty: string; subject: string; reason: string }[]
  readonly skipped: readonly { run: string; duty: string; reason: string }[]
}

/** The inputs of a plan with what is known of their bytes, and the servers that it starts anew. */
export interface Prospects {
  readonly inputs: ChangePlan['inputs']
  readonly anew: readonly {
    readonly subject: Subject
    /** Null where it cannot be run; `why` says so. */
    readonly plan: RunPlan | null
    readonly why: string
    /** What is started of it now; null where that is not known. */
    readonly was: RunPlan | null
  }[]
}

/** The acts that are more than reading and writing records: the composition root wires them to the engine. */
export interface Acts {
  scan(request: ScanRequest): Promise<ScanOutcome>
  /** What would be started of each server, as it lies there now. Stores nothing. */
  runPlans(): Promise<Observation<'run-plan'>[]>
  /** What there is to see of these kinds now. Connects to nothing, stores nothing. */
  look(kinds: readonly ObservationKind[]): Promise<readonly Observation[]>
  /** Runs a server that may be run in the sandbox, lists what it offers and makes the calls that follow from it. Stores nothing. */
  capture(
    server: { subject: Subject; plan: RunPlan },
    callsFor: (surface: ToolSurface) => readonly GoldenCall[],
  ): Promise<Captured | Refusal>
  /** Runs a server that may be run in the sandbox with its golden calls, and says what it used meanwhile. Stores nothing. */
  learn(server: { subject: Subject; plan: RunPlan }): Promise<ObservedUse | Refusal>
  /** Logs in to the server at this address, as the person asks. */
  logIn(request: LoginAsked): Promise<LoginGiven>
  /** Gives a login back. Null where there is none for this address. */
  logOut(url: string): Promise<{ revoked: boolean; reason: string } | null>
  rederive(store: Store): Promise<Rederivation>
  /** What it takes to make changes, over this installation's store: in this home, or in homes that are named. */
  changes(homes?: readonly string[]): Promise<ChangeWorld>
  /**
   * What a plan would start anew, as it would be started. With `online` the bytes of other versions are fetched first, and the inputs come
   * back with their digests. Throws UserError where they are not what the registry states.
   */
  prospects(plan: Pick<ChangePlan, 'inputs' | 'branch'>, online: boolean): Promise<Prospects>
  /** Runs what is due until stopped. `tick` is told after each round; `keep` is called at least once a minute. */
  daemon(tick: (outcome: ScanOutcome) => Promise<void>, keep: () => Promise<void>): Promise<void>
  /** Serves the API until stopped. `opened` is told where, and what makes a link that opens it once. */
  serve(asked: { binding: ServeBinding; duties: boolean }, opened: (door: OpenDoor) => void): Promise<void>
  /** Answers an MCP client on standard input and output until that closes them. */
  mcp(): Promise<void>
  /** What a shell reads to complete every command. */
  completion(shell: 'bash' | 'zsh' | 'fish'): Promise<string>
  /** When each adopted duty is due next, from its cadence and its last run. */
  nextDue(latest: ReadonlyMap<string, Run | null>): ReadonlyMap<string, string>
}
