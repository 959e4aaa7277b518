import type { Baseline, Observation, Subject } from '@upkeep/contract'
import { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { Store } from '../store/store.ts'

/**
 * What is approved, as observations: one per server that was ever approved, and for each declared server without an approval why there is
 * none. No approval at all is not the same as a server that was left out of one.
 */
export async function approvedObservations(
  store: Store,
  declared: readonly Subject[],
): Promise<Observation<'approved-server'>[]> {
  const newest = newestPerServer(await store.baselines.list())
  const texts = await store.objects.getMany([...newest.values()].flatMap((entry) => entry.approved ?? []))
  const observations: Observation<'approved-server'>[] = []
  for (const { subject, approved } of newest.values()) observations.push(observed(subject, approved, texts))
  for (const subject of declared) {
    if (!newest.has(subject.id)) observations.push(unapproved(subject, newest.size === 0))
  }
  return observations
}

type Entry = Baseline['servers'][number]

function newestPerServer(baselines: readonly Baseline[]): Map<string, Entry> {
  const newest = new Map<string, Entry>()
  for (const baseline of baselines) for (const entry of baseline.servers) newest.set(entry.subject.id, entry)
  return newest
}

function observed(
  subject: Subject,
  approved: string | null,
  texts: ReadonlyMap<string, string>,
): Observation<'approved-server'> {
  const kind = 'approved-server'
  if (approved === null) return { kind, subject, state: 'absent', reason: 'it is approved that this server is gone' }
  const text = texts.get(approved)
  if (text === undefined)
    return {
      kind,
      subject,
      state: 'unavailable',
      code: 'malformed',
      reason: 'the approved state is no longer in the store',
    }
  return { kind, subject, state: 'seen', facts: ApprovedServer.parse(JSON.parse(text)) }
}

function unapproved(subject: Subject, nothingApproved: boolean): Observation<'approved-server'> {
  const kind = 'approved-server'
  if (!nothingApproved)
    return { kind, subject, state: 'absent', reason: 'the approved state does not have this server' }
  return {
    kind,
    subject,
    state: 'unavailable',
    code: 'not-configured',
    reason: 'no state has been approved yet: upkeep baseline accept',
  }
}
