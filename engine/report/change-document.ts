import type { Attestation, PersonKey, Signer } from '@upkeep/contract'
import type { DocumentEvidence, ManagedDocument, UndocumentedDocument } from '@upkeep/contract/change-document'
import type { Approval, ChangeStep } from '@upkeep/contract/change-step'
import type { SeenApproval } from '@upkeep/contract/observations/changes'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { documentedOf, gapsOf, rehearsal } from '@upkeep/domain/changes/completeness'
import { justificationsOf } from '@upkeep/domain/changes/justifications'
import { approvalStatement, signatureNamespace } from '@upkeep/domain/changes/signed-statements'
import type { UndocumentedChange } from '@upkeep/domain/changes/undocumented-changes'
import { indexesOf } from './ledger-indexes.ts'
import type { ReportSource } from './source.ts'

/** What of people and their keys a document takes. */
export interface DocumentGrounds {
  readonly stamps: readonly string[]
  readonly attestations: readonly Attestation[]
  /** Whether an approval that was given then is signed by the key that was in force then. */
  signatureOf(approval: Approval, at: string): SeenApproval['signature']
  /** The key that a signature is by, of those that were in force then. */
  keyAt(signer: Signer, at: string): PersonKey | null
}

/**
 * The document of a change, from sealed records alone: no clock, no configuration of now, no file of the user's. Made again from the same
 * records it is the same.
 */
export async function changeDocument(
  source: ReportSource,
  state: ChangeState,
  grounds: DocumentGrounds,
): Promise<ManagedDocument> {
  const { plan, steps, assessment } = state
  const justifications = justificationsOf(grounds.attestations, state.id)
  const reasons = justifications.map(({ reason }) => reason)
  const closes = await closedBy(source, plan.closes)
  const evidence = await evidenceOf(source, [
    ...steps.map((step) => ({ type: 'change' as const, id: step.id, at: step.at, says: step.is })),
    ...closes.map(({ id, at }) => ({ type: 'finding' as const, id, at, says: 'a finding that it should close' })),
    ...justifications.map(({ id, at }) => ({ type: 'attestation' as const, id, at, says: 'why it was made' })),
  ])
  return {
    format: 'upkeep-change-document/1',
    of: 'managed',
    id: state.id,
    class: plan.class,
    phase: state.phase,
    stamps: [...grounds.stamps],
    gaps: gapsOf(documentedOf(state, reasons)),
    what: {
      title: plan.title,
      plan: state.digest,
      inputs: plan.inputs,
      summary: plan.summary,
      limits: plan.limits,
      ...(plan.costs === undefined ? {} : { costs: plan.costs }),
      effects: plan.effects.map(({ path, before, after, shown }) => ({ path, before, after, shown })),
    },
    why: { reason: state.reason, justifications, closes: closes.map(({ words }) => words) },
    who: {
      requester: state.requester.person,
      requesterPresence: state.requester.presence,
      approvals: approvalsOf(state, grounds),
      makers: steps.flatMap((step) => (step.is === 'applying' ? [step.holder] : [])),
    },
    when: whenOf(state),
    impact: { assessment, sheet: await sheetOf(source, assessment?.sheet ?? null) },
    tests: state.tests === null ? null : [...state.tests],
    result: { outcome: state.outcome, detail: state.closing, sighting: state.sighting },
    rollback: rollbackOf(state),
    evidence,
  }
}

function whenOf(state: ChangeState): ManagedDocument['when'] {
  const lastOf = (is: ChangeStep['is']) => state.steps.findLast((step) => step.is === is)?.at ?? null
  return {
    proposed: state.proposedAt,
    window: state.window,
    applying: lastOf('applying'),
    applied: lastOf('applied'),
    observed: lastOf('observed'),
    undoing: lastOf('undoing'),
    closed: lastOf('closed'),
  }
}

function rollbackOf({ id, plan, tests, steps, undoing }: ChangeState): ManagedDocument['rollback'] {
  return {
    command: `upkeep undo ${id}`,
    irreversible: plan.irreversible,
    rehearsed: tests?.find(({ name }) => name === rehearsal) ?? null,
    why: undoing?.why ?? null,
    undone: steps.flatMap((step) =>
      step.is === 'effect-undone'
        ? [{ path: plan.effects[step.index]?.path ?? '', how: step.how, detail: step.detail }]
        : [],
    ),
  }
}

/** Every word about it, in order, each with what a stranger needs to check it. */
function approvalsOf(state: ChangeState, { signatureOf, keyAt }: DocumentGrounds): ManagedDocument['who']['approvals'] {
  const words: ManagedDocument['who']['approvals'] = []
  const end = (person: string, at: string) => {
    for (const word of words) if (word.person === person && word.endedAt === null) word.endedAt = at
  }
  for (const step of state.steps) {
    if (step.is === 'approval-withdrawn') end(step.person, step.at)
    if (step.is !== 'approved') continue
    const { approval, at } = step
    const { person, presence, signature } = approval.signer
    end(person, at)
    const { role, decision, until, reason, onBehalfOf, waives } = approval
    const key = signature === null ? null : keyAt(approval.signer, at)
    words.push({
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      ...(waives === undefined ? {} : { waives }),
      ...{ person, role, decision, at, until, endedAt: null, reason, presence },
      verified: signatureOf(approval, at),
      statement: approvalStatement({ ...approval, change: state.id, person }),
      signature,
      allowedSigner:
        key === null || presence === 'passkey' ? null : `${person} namespaces="${signatureNamespace}" ${key.key}`,
      ...(key !== null && presence === 'passkey' && { passkey: key.key }),
    })
  }
  return words
}

/** The findings as they were stated before the change: what is said of them later is no part of why it was made. */
async function closedBy(source: ReportSource, fingerprints: readonly string[]) {
  const histories = await Promise.all(fingerprints.map((one) => source.findings.history(one)))
  return histories.flatMap(([first]) => {
    if (first === undefined) return []
    const { fingerprint, severity, subject, summary } = first.statement
    return [{ id: first.id, at: first.at, words: { fingerprint, severity, subject: subject.name, summary } }]
  })
}

/** The sheet as it was drawn; what is stored and is no JSON is not quoted. */
async function sheetOf(source: ReportSource, digest: string | null): Promise<unknown> {
  const text = digest === null ? null : await source.objects.get(digest)
  return text === null ? null : JSON.parse(text)
}

/** Each record with the place of its leaf. */
async function evidenceOf(
  source: ReportSource,
  records: readonly Omit<DocumentEvidence, 'index'>[],
): Promise<DocumentEvidence[]> {
  const ids = records.map(({ id }) => id)
  const indexes = await indexesOf(source, ids, await source.ledger.size())
  return records.map((record) => ({ index: indexes.get(record.id) ?? null, ...record }))
}

/** The document of a difference that no change explains. */
export async function undocumentedDocument(
  source: ReportSource,
  change: UndocumentedChange,
  stamps: readonly string[],
): Promise<UndocumentedDocument> {
  const { id, subject, path, kind, differences, justifications, findings } = change
  const runs = [...new Map(findings.map((finding) => [finding.run, finding])).values()]
  return {
    format: 'upkeep-change-document/1',
    of: 'undocumented',
    id,
    stamps: [...stamps],
    gaps: justifications.length > 0 ? [] : [{ field: 'rationale', why: 'nobody has said why it was made' }],
    what: { title: `${subject.name} ${kind} without a change`, subject, path, kind, differences: [...differences] },
    why: { justifications: [...justifications] },
    who: { uid: change.uid },
    when: { approved: change.approved, firstSeen: change.firstSeen, written: change.written, due: change.due },
    evidence: await evidenceOf(source, [
      ...runs.map(({ run, at }) => ({ type: 'run' as const, id: run, at, says: 'the look that first saw it' })),
      ...findings.map((one) => ({ type: 'finding' as const, id: one.id, at: one.at, says: one.statement.rule })),
      ...justifications.map((one) => ({
        type: 'attestation' as const,
        id: one.id,
        at: one.at,
        says: 'why it was made',
      })),
    ]),
  }
}
