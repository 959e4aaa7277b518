import type { Finding, StatedFinding, Subject } from '@upkeep/contract'
import { digestOf } from '@upkeep/domain/canonical-json'
import type { RunAssessment } from './assess-run.ts'

/** What happened to a duty's findings in one run: only steps, so that an unchanged fleet adds none. */
export interface FindingSteps {
  records: Finding[]
  opened: number
  resolved: number
}

export interface LifeInput {
  run: string
  at: string
  /** The newest record of each of this duty's findings. */
  earlier: readonly Finding[]
  assessment: Pick<RunAssessment, 'stated' | 'canClear'> & { subjects: ReadonlySet<string> }
  /** Whether a subject that is no longer among the subjects was looked for where it used to be. */
  lookedFor(subject: Subject): boolean
}

/** Ages findings: opened, changed, reopened, resolved. Only what was really looked for is resolved. */
export function ageFindings(input: LifeInput): FindingSteps {
  const earlier = new Map(input.earlier.map((finding) => [finding.statement.fingerprint, finding]))
  const records: Finding[] = []
  for (const statement of input.assessment.stated) {
    const record = stepFor(input, earlier.get(statement.fingerprint), statement)
    if (record !== null) records.push(record)
    earlier.delete(statement.fingerprint)
  }
  const opened = records.filter((record) => record.state === 'reopened' || record.firstSeenAt === input.at).length
  const gone = [...earlier.values()].filter((finding) => finding.state !== 'resolved' && isResolved(input, finding))
  for (const finding of gone) records.push(record(input, 'resolved', finding.firstSeenAt, finding.statement))
  return { records, opened, resolved: gone.length }
}

function stepFor(input: LifeInput, before: Finding | undefined, statement: StatedFinding): Finding | null {
  if (before === undefined) return record(input, 'open', input.at, statement)
  if (before.state === 'resolved') return record(input, 'reopened', before.firstSeenAt, statement)
  const same = digestOf(before.statement) === digestOf(statement)
  return same ? null : record(input, before.state, before.firstSeenAt, statement)
}

function isResolved(input: LifeInput, finding: Finding): boolean {
  const { subject } = finding.statement
  return input.assessment.subjects.has(subject.id)
    ? input.assessment.canClear(finding.statement)
    : input.lookedFor(subject)
}

function record(input: LifeInput, state: Finding['state'], firstSeenAt: string, statement: StatedFinding): Finding {
  const id = digestOf({ run: input.run, fingerprint: statement.fingerprint, state }).slice(0, 32)
  return { id, at: input.at, run: input.run, state, firstSeenAt, statement }
}
