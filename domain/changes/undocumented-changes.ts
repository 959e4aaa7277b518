import type { Justification } from '@upkeep/contract/change-document'
import type { Finding } from '@upkeep/contract/finding'
import type { Attestation } from '@upkeep/contract/person'
import type { Subject } from '@upkeep/contract/subject'
import { digestOf } from '../canonical-json.ts'
import { isRecord } from '../is-record.ts'
import { justificationsOf } from './justifications.ts'

/** A difference that somebody made without a change of ours. */
export interface UndocumentedChange {
  readonly id: string
  readonly subject: Subject
  readonly path: string
  readonly kind: 'appeared' | 'changed' | 'gone'
  readonly differences: readonly { layer: string; at: string; was: string; is: string }[]
  /** Whose file it is, when it was last written by then, and since when the state before was approved. */
  readonly uid: number | null
  readonly written: string | null
  readonly approved: string | null
  readonly firstSeen: string
  readonly due: string
  readonly justifications: readonly Justification[]
  /** The records that say so, one for each layer at which it differs. */
  readonly findings: readonly Finding[]
}

/** The duty whose findings are differences that no change explains. */
const drift = 'configuration-drift-detection'
const daysToJustify = 7

/** Whether a finding is about a difference that somebody made: what an unpinned entry fetched by itself is nobody's. */
export function isUndocumented({ statement }: Finding): boolean {
  return statement.duty === drift && statement.facts.drift !== 'upstream'
}

/**
 * What was changed behind our back, from the histories of findings: what one round first saw of one server is one change. It stays one when
 * the finding is resolved: it was made.
 */
export function undocumentedChanges(
  histories: readonly (readonly Finding[])[],
  attestations: readonly Attestation[],
): UndocumentedChange[] {
  const made = new Map<string, Finding[]>()
  for (const finding of histories.flatMap(beginnings)) {
    const key = `${finding.run} ${finding.statement.subject.id}`
    made.set(key, [...(made.get(key) ?? []), finding])
  }
  return [...made.values()]
    .map((findings) => undocumented(findings, attestations))
    .sort((a, b) => (a.firstSeen === b.firstSeen ? (a.id < b.id ? -1 : 1) : a.firstSeen < b.firstSeen ? -1 : 1))
}

/** Each time that a difference came up: what is stated anew of a finding that stands is no new difference. */
function beginnings(history: readonly Finding[]): Finding[] {
  return history.filter(
    (finding, index) =>
      isUndocumented(finding) && (finding.state === 'reopened' || (finding.state === 'open' && index === 0)),
  )
}

function undocumented(given: readonly Finding[], attestations: readonly Attestation[]): UndocumentedChange {
  const findings = given.toSorted((a, b) => (a.statement.rule < b.statement.rule ? -1 : 1))
  const [first] = findings
  if (first === undefined) throw new Error('a change is made of findings')
  const { subject } = first.statement
  const firstSeen = first.at
  const id = `undocumented-${digestOf({ run: first.run, subject: subject.id }).slice(0, 16)}`
  const facts = findings.map(({ statement }) => statement.facts)
  return {
    id,
    subject,
    path: pathOf(subject),
    kind: kindOf(findings),
    differences: findings.flatMap(differencesOf),
    uid: facts.map(({ ownerUid }) => ownerUid).find((uid) => typeof uid === 'number') ?? null,
    written: facts.map(({ changedAt }) => changedAt).find((at) => typeof at === 'string') ?? null,
    approved: facts.map(({ approvedAt }) => approvedAt).find((at) => typeof at === 'string') ?? null,
    firstSeen,
    due: new Date(Date.parse(firstSeen) + daysToJustify * 86_400_000).toISOString(),
    justifications: justificationsOf(attestations, id),
    findings,
  }
}

function kindOf(findings: readonly Finding[]): UndocumentedChange['kind'] {
  const rules = findings.map(({ statement }) => statement.rule)
  if (rules.includes('server-not-approved')) return 'appeared'
  return rules.includes('server-gone') ? 'gone' : 'changed'
}

function differencesOf({ statement: { rule, facts } }: Finding): UndocumentedChange['differences'] {
  const layer = rule.replace(/-changed$/, '')
  if (!Array.isArray(facts.differences)) return []
  return facts.differences.flatMap((one: unknown) => {
    if (!isRecord(one)) return []
    const { at, was, is } = one
    return typeof at === 'string' && typeof was === 'string' && typeof is === 'string' ? [{ layer, at, was, is }] : []
  })
}

/** A subject id of a server is `server:<client>:<path>#<name>`. */
function pathOf({ id }: Subject): string {
  return /^server:[a-z-]+:(.*)#/s.exec(id)?.[1] ?? ''
}
