import type { Acceptance, Finding } from '@upkeep/contract/finding'
import type { SeenClosing, SeenPatch } from '@upkeep/contract/observations/changes'
import type { ChangeState } from './change-state.ts'

/** The duty whose findings are vulnerable packages, and its rule for those whose fix can be had. */
const assessment = 'security-patch-assessment'
const obtainable = 'patch-available'

const most = { closed: 1_000, changes: 10 }

/** What is known of findings besides changes. */
export interface KnownFindings {
  /** The newest record of each fingerprint. */
  readonly findings: readonly Finding[]
  /** In force at the time of looking, by fingerprint. */
  readonly accepted: ReadonlyMap<string, Acceptance>
}

/** Every vulnerable package that was found, with by when it is due, the changes that should close it, and whether it is closed. */
export function duePatches({ findings, accepted }: KnownFindings, states: readonly ChangeState[]): SeenPatch[] {
  const closing = changesByFinding(states)
  const all = findings
    .filter(({ statement }) => statement.duty === assessment)
    .map((one) => patchOf(one, accepted, closing))
  const closed = all.filter(({ state }) => state === 'resolved').toSorted(byClosing)
  return [...all.filter(({ state }) => state === 'open').toSorted(byDue), ...closed.slice(0, most.closed)]
}

function patchOf(
  { at, state, firstSeenAt, statement }: Finding,
  accepted: KnownFindings['accepted'],
  closing: ReadonlyMap<string, string[]>,
): SeenPatch {
  const { fingerprint, facts, rule, subject, severity, due } = statement
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    fingerprint,
    server: subject.name,
    package: text(facts.package),
    version: text(facts.version),
    severity,
    obtainable: rule === obtainable,
    due: due?.at ?? null,
    firstSeen: firstSeenAt,
    state: state === 'resolved' ? 'resolved' : 'open',
    closedAt: state === 'resolved' ? at : null,
    acceptedUntil: accepted.get(fingerprint)?.until ?? null,
    changes: (closing.get(fingerprint) ?? []).slice(0, most.changes),
  }
}

function changesByFinding(states: readonly ChangeState[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const newestFirst = states.toSorted((a, b) => (a.proposedAt > b.proposedAt ? -1 : 1))
  for (const { id, plan } of newestFirst)
    for (const fingerprint of plan.closes) found.set(fingerprint, [...(found.get(fingerprint) ?? []), id])
  return found
}

function byDue(one: SeenPatch, other: SeenPatch): number {
  const [a, b] = [one, other].map(({ due, fingerprint }) => `${due ?? '9'} ${fingerprint}`)
  return (a ?? '') < (b ?? '') ? -1 : 1
}

function byClosing(one: SeenPatch, other: SeenPatch): number {
  const [a, b] = [one, other].map(({ closedAt, fingerprint }) => `${closedAt ?? ''} ${fingerprint}`)
  return (a ?? '') > (b ?? '') ? -1 : 1
}

/** What became of the findings that a change should close. */
export function closingOf(
  { plan }: ChangeState,
  known: ReadonlyMap<string, Finding>,
  accepted: KnownFindings['accepted'],
): SeenClosing {
  const count = { resolved: 0, open: 0, accepted: 0, notKnown: 0 }
  for (const fingerprint of plan.closes) {
    const finding = known.get(fingerprint)
    if (finding === undefined) count.notKnown += 1
    else if (finding.state === 'resolved') count.resolved += 1
    else count[accepted.has(fingerprint) ? 'accepted' : 'open'] += 1
  }
  return count
}

/** Findings by their fingerprint. */
export function byFingerprint(findings: readonly Finding[]): Map<string, Finding> {
  return new Map(findings.map((one) => [one.statement.fingerprint, one]))
}
