import {
  type AnyAssessment,
  type AnyDuty,
  type AssessInput,
  drawVerdict,
  fleet,
  missingNeeds,
  type Needs,
  type ObservationKind,
  type Seen,
  type StatedFinding,
  type Subject,
  type Verdict,
} from '@upkeep/contract'
import { digestOf } from '@upkeep/domain/canonical-json'
import type { ObservationIndex } from '../kernel/observation-index.ts'
import { handOver } from './hand-over.ts'
import { subjectsOf, unreadableConfigs } from './subjects.ts'

/** What one run concludes, from observations alone: whoever has them and the duty can draw it again. */
export interface RunAssessment {
  verdicts: Verdict[]
  stated: StatedFinding[]
  /** Names of errors thrown by the duty: defects, which leave their subjects unknown. */
  defects: string[]
  /** Whether an earlier finding, no longer stated, was really looked for. */
  canClear(finding: StatedFinding): boolean
}

interface Judged {
  verdict: Verdict
  stated: StatedFinding[]
  defect: string | null
  input: Input
  conclusive: boolean
}
type Input = AssessInput<Needs, Record<string, unknown>>

/** Judges every subject of a duty. `at` is the time of the run; nothing else comes from outside the observations. */
export function assessRun(
  duty: AnyDuty,
  index: ObservationIndex,
  params: Record<string, unknown>,
  at: string,
): RunAssessment {
  const judged = new Map(
    subjectsOf(duty, index).map((subject) => [subject.id, assessSubject(duty, index, subject, params, at)]),
  )
  const verdicts = [...judged.values()].map((one) => one.verdict)
  return {
    verdicts: [...verdicts, ...verdictsWithoutServers(duty, index, verdicts.length)],
    stated: [...judged.values()].flatMap((one) => one.stated),
    defects: [...judged.values()].flatMap((one) => one.defect ?? []),
    canClear: (finding) => canClear(duty, judged.get(finding.subject.id), finding),
  }
}

function assessSubject(
  duty: AnyDuty,
  index: ObservationIndex,
  subject: Subject,
  params: Record<string, unknown>,
  at: string,
): Judged {
  const seen: Record<string, Seen<ObservationKind>> = {}
  for (const [name, need] of Object.entries(duty.needs)) seen[name] = handOver(index, need.kind, subject)
  const input: Input = { subject, seen, params, at }
  const outcome = assessSafely(duty, input)
  const unknowns = [...missingNeeds(duty.needs, seen), ...outcome.assessment.unknowns]
  const stated = outcome.assessment.findings.map((draft) => stateFinding(duty, subject, draft))
  const verdict: Verdict = {
    subject,
    verdict: drawVerdict(outcome.assessment, unknowns),
    findings: stated.map((finding) => finding.fingerprint).sort(),
    unknowns,
    passes: [...outcome.assessment.passes],
    notApplicable: outcome.assessment.notApplicable ?? null,
    notCovered: [...(outcome.assessment.notCovered ?? [])],
  }
  const complete = missingNeeds(duty.needs, seen).length === 0 && outcome.defect === null
  return {
    verdict,
    stated,
    defect: outcome.defect,
    input,
    conclusive: complete && (duty.canClear !== undefined || unknowns.length === 0),
  }
}

function assessSafely(duty: AnyDuty, input: Input): { assessment: AnyAssessment; defect: string | null } {
  try {
    return { assessment: duty.assess(input), defect: null }
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error'
    return {
      assessment: {
        findings: [],
        unknowns: [`the duty itself failed (${name}): a defect, please report it`],
        passes: [],
      },
      defect: name,
    }
  }
}

function stateFinding(duty: AnyDuty, subject: Subject, draft: AnyAssessment['findings'][number]): StatedFinding {
  const rule = duty.rules[draft.rule]
  if (rule === undefined) throw new Error(`duty ${duty.id} stated the undeclared rule ${draft.rule}`)
  const facts: Record<string, unknown> = { ...draft.facts }
  const identity = Object.fromEntries(rule.identity.map((name) => [name, facts[name] ?? null]))
  return {
    fingerprint: digestOf({ duty: duty.id, rule: draft.rule, subject: subject.id, identity }).slice(0, 32),
    duty: duty.id,
    rule: draft.rule,
    ruleVersion: rule.version,
    subject,
    severity: draft.severity ?? rule.severity,
    title: rule.title,
    summary: draft.summary,
    action: draft.action,
    facts,
    proposals: [...(draft.proposals ?? [])],
    ...(draft.due === undefined ? {} : { due: draft.due }),
  }
}

/** Where a duty about servers finds none, or some file could not be read, that is said in a verdict of its own. */
function verdictsWithoutServers(duty: AnyDuty, index: ObservationIndex, subjects: number): Verdict[] {
  const nothing = { findings: [], passes: [], notCovered: [] }
  if (duty.scope === 'person' && subjects === 0) {
    return [
      {
        ...nothing,
        subject: fleet,
        verdict: 'unknown',
        unknowns: ['upkeep.yaml names nobody under "people": who takes part is not known'],
        notApplicable: null,
      },
    ]
  }
  if (duty.scope !== 'server') return []
  const unreadable = unreadableConfigs(index).map(
    ({ subject, reason }): Verdict => ({
      ...nothing,
      subject,
      verdict: 'unknown',
      unknowns: [`may declare servers, and could not be read: ${reason}`],
      notApplicable: null,
    }),
  )
  if (subjects > 0 || unreadable.length > 0) return unreadable
  return [
    {
      ...nothing,
      subject: fleet,
      verdict: 'not-applicable',
      unknowns: [],
      notApplicable: 'no MCP server is configured in the places that were looked at',
    },
  ]
}

function canClear(duty: AnyDuty, judged: Judged | undefined, finding: StatedFinding): boolean {
  if (judged === undefined) return false
  return judged.conclusive && (duty.canClear?.({ rule: finding.rule, facts: finding.facts }, judged.input) ?? true)
}
