import type { ChangeInput } from '@upkeep/contract/change'
import { type Finding, Severity } from '@upkeep/contract/finding'
import type { Subject } from '@upkeep/contract/subject'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { placeOf } from '@upkeep/domain/client-formats/place-of'
import { compareDue, soonest } from './due-words.ts'
import type { Item } from './report-model.ts'

/** What a report knows of a subject beside the records. */
export interface SubjectFacts {
  /** Who answers for it. */
  ownersOf(subject: Subject): readonly string[]
}

const nobodyKnown: SubjectFacts = { ownersOf: () => [] }

/** Open findings as things to do: those that one change closes stand together, worst first, then soonest due, then longest open. */
export function itemsOf(open: readonly Finding[], known: SubjectFacts = nobodyKnown): Item[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of open) {
    const key = keyOf(finding)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  return [...groups].flatMap(([key, group]) => itemOf(key, group, known)).sort(worstFirst)
}

/** How bad each thing to do is: as many as there are items, without drawing them. */
export function itemSeverities(open: readonly Finding[]): Severity[] {
  const worst = new Map<string, Severity>()
  for (const finding of open) {
    const [key, { severity }] = [keyOf(finding), finding.statement]
    const known = worst.get(key)
    if (known === undefined || severityRank(severity) < severityRank(known)) worst.set(key, severity)
  }
  return [...worst.values()]
}

/** How bad, as a number: 0 is the worst. */
export function severityRank(severity: Severity): number {
  return Severity.options.indexOf(severity)
}

/** The change that would close it, whatever servers and files it is made in; without one, the same act, whichever duty asks for it. */
function keyOf(finding: Finding): string {
  const known = knownKeys.get(finding)
  if (known !== undefined) return known
  const key = drawKey(finding)
  knownKeys.set(finding, key)
  return key
}

/** A record never changes: whoever keeps one and asks again has its key. */
const knownKeys = new WeakMap<Finding, string>()

function drawKey(finding: Finding): string {
  const { proposals, action } = finding.statement
  const change = proposals[0]?.change
  if (change === undefined) return canonicalJson({ action })
  if (change.kind !== 'set-server-version') return canonicalJson({ change })
  return canonicalJson({ kind: change.kind, package: change.package, to: change.to })
}

function itemOf(key: string, group: readonly Finding[], { ownersOf }: SubjectFacts): Item[] {
  const findings = [...group].sort(worstFindingFirst)
  const worst = findings[0]?.statement
  if (worst === undefined) return []
  const subjects = distinctSubjects(findings)
  return [
    {
      key,
      severity: worst.severity,
      subjects,
      duty: worst.duty,
      title: worst.title,
      summary: worst.summary,
      action: worst.action,
      changes: distinctChanges(findings),
      limits: [...new Set(findings.flatMap((one) => one.statement.proposals[0]?.limits ?? []))],
      due: soonest(findings.map((one) => one.statement.due)),
      owners: [...new Set(subjects.flatMap((subject) => ownersOf(subject)))].sort(),
      places: placesOf(subjects),
      firstSeenAt: findings.map((one) => one.firstSeenAt).sort()[0] ?? '',
      findings,
    },
  ]
}

/** The homes and projects that subjects lie in, by where their clients keep their files. */
export function placesOf(subjects: readonly Subject[]): string[] {
  const places = subjects.flatMap(({ kind, id }) => {
    const [, client = '', path = ''] = (kind === 'server' && /^server:([^:]{1,100}):(.*)#/s.exec(id)) || []
    return placeOf(client, path) ?? []
  })
  return [...new Set(places)].sort()
}

function distinctSubjects(findings: readonly Finding[]): Subject[] {
  return [...new Map(findings.map((one) => [one.statement.subject.id, one.statement.subject])).values()]
}

function distinctChanges(findings: readonly Finding[]): ChangeInput[] {
  const changes = findings.flatMap((one) => one.statement.proposals[0]?.change ?? [])
  const distinct = new Map(changes.map((change) => [canonicalJson(change), change]))
  return [...distinct.values()].sort((one, other) => compareText(one.path, other.path))
}

function worstFindingFirst(one: Finding, other: Finding): number {
  return (
    severityRank(one.statement.severity) - severityRank(other.statement.severity) ||
    compareText(one.firstSeenAt, other.firstSeenAt) ||
    compareText(one.statement.summary, other.statement.summary) ||
    compareText(one.statement.fingerprint, other.statement.fingerprint)
  )
}

function worstFirst(one: Item, other: Item): number {
  return (
    severityRank(one.severity) - severityRank(other.severity) ||
    compareDue(one.due, other.due) ||
    compareText(one.firstSeenAt, other.firstSeenAt) ||
    compareText(one.subjects[0]?.id ?? '', other.subjects[0]?.id ?? '') ||
    compareText(one.key, other.key)
  )
}

function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
