import type { z } from 'zod'
import type { Due } from './due.ts'
import type { Proposal, Severity } from './finding.ts'
import type { ObservationKind, Seen } from './observation.ts'
import type { Subject } from './subject.ts'
import type { Cadence, Instant } from './time.ts'

/** What a duty must be handed. A required need that is unavailable makes the verdict unknown by itself; an optional one is the duty's to judge. */
export interface Need<Kind extends ObservationKind = ObservationKind> {
  kind: Kind
  required: boolean
}
export type Needs = Record<string, Need>

/** Each need as it was seen, under the name the duty gave it. A duty never sees anything it did not declare. */
export type Handed<N extends Needs> = { readonly [Name in keyof N]: Seen<N[Name]['kind']> }

/**
 * One way a duty can find something wrong. `identity` names the facts that make two findings the same one; the others may change
 * without a new finding. `help` ends in an action.
 */
export interface Rule<Facts extends z.ZodObject = z.ZodObject> {
  version: number
  title: string
  severity: Severity
  help: string
  facts: Facts
  identity: readonly (keyof z.infer<Facts> & string)[]
}
export type Rules = Record<string, Rule>

/** A finding as `assess` states it: its rule is one that the duty declares, its facts are that rule's. */
export type FindingDraft<R extends Rules> = {
  [Id in keyof R & string]: {
    rule: Id
    facts: z.infer<R[Id]['facts']>
    summary: string
    action: string
    severity?: Severity
    proposals?: readonly Proposal[]
    due?: Due
  }
}[keyof R & string]

/** All that a duty says of one subject. The engine draws the verdict: a finding fails, else an unknown, else not applicable, else it passes. */
export interface Assessment<R extends Rules> {
  findings: readonly FindingDraft<R>[]
  /** Each thing that could not be judged, and why. */
  unknowns: readonly string[]
  /** Each thing that was shown to be right. An assessment without any never passes. */
  passes: readonly string[]
  notApplicable?: string
  /** What the duty would look at and cannot yet. */
  notCovered?: readonly string[]
}

/** What `assess` is given: deep-frozen, nothing else, and no way to reach the world. `at` is the run's time. */
export interface AssessInput<N extends Needs, Params> {
  subject: Subject
  seen: Handed<N>
  params: Params
  at: Instant
}

/** What is known of a finding stated by an earlier run. */
export interface EarlierFinding {
  rule: string
  facts: Readonly<Record<string, unknown>>
}

/** A standing maintenance obligation. `id`, `heading` and `title` are the guide's own words. */
export interface Duty<N extends Needs = Needs, R extends Rules = Rules, P extends z.ZodObject = z.ZodObject> {
  id: string
  version: number
  heading: string
  title: string
  summary: string
  cadence: Cadence
  scope: Subject['kind'] & ('server' | 'person' | 'fleet')
  /** Profiles that adopt it without being asked. */
  adoptedBy: readonly ('solo' | 'team' | 'enterprise')[]
  needs: N
  /**
   * What is made whenever it is due, and not only when somebody asks: attacks on controls, or tests. Only servers that a person let be run
   * are started, in the sandbox; only listed endpoints are attacked. Left out, nothing.
   */
  whenDue?: 'attack-controls' | 'run-tests'
  params: P
  rules: R
  assess(input: AssessInput<N, z.infer<P>>): Assessment<R>
  /**
   * Whether an earlier finding that is no longer stated was really looked for this time, so that it may be called resolved. Without it, a
   * finding is resolved only when nothing at all about the subject was unknown.
   */
  canClear?(finding: EarlierFinding, input: AssessInput<N, z.infer<P>>): boolean
}

/** A finding of whichever duty: its rule and facts are known only at run time. */
export interface AnyFindingDraft {
  rule: string
  facts: Readonly<Record<string, unknown>>
  summary: string
  action: string
  severity?: Severity
  proposals?: readonly Proposal[]
  due?: Due
}

/** An assessment of whichever duty. */
export interface AnyAssessment {
  findings: readonly AnyFindingDraft[]
  unknowns: readonly string[]
  passes: readonly string[]
  notApplicable?: string
  notCovered?: readonly string[]
}

/** A duty as the engine holds it, when it no longer matters which. */
export interface AnyDuty extends Omit<Duty, 'assess' | 'canClear'> {
  assess(input: AssessInput<Needs, Record<string, unknown>>): AnyAssessment
  canClear?(finding: EarlierFinding, input: AssessInput<Needs, Record<string, unknown>>): boolean
}

/** Declares a duty. The types of needs, rules and parameters follow from the declaration. */
export function defineDuty<const N extends Needs, const R extends Rules, P extends z.ZodObject>(
  duty: Duty<N, R, P>,
): Duty<N, R, P> {
  return duty
}

/** A need that must be seen for the verdict to be anything but unknown. */
export function need<Kind extends ObservationKind>(kind: Kind): Need<Kind> {
  return { kind, required: true }
}

/** A need whose absence the duty judges itself. */
export function optional<Kind extends ObservationKind>(kind: Kind): Need<Kind> {
  return { kind, required: false }
}

/** Declares a rule, so that the names in `identity` are checked against its facts. */
export function rule<Facts extends z.ZodObject>(declared: Rule<Facts>): Rule<Facts> {
  return declared
}
