import type { Observation, Subject } from '@upkeep/contract'
import type { Proof } from '@upkeep/domain/maintenance/contract-controls'
import type { Store } from '@upkeep/engine/store/store'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import type { Context } from '../operations/context.ts'

const kinds = ['server-probes', 'endpoint-attacks', 'control-probes'] as const
type ProofKind = (typeof kinds)[number]
type Seen = Observation<'server-probes'> | Observation<'endpoint-attacks'> | Observation<'control-probes'>

/** What was tried on each of these entries, as the latest runs have it. What holds for other bytes than were seen last is left out. */
export async function contractProofs(
  { duties }: Pick<Context, 'duties'>,
  store: Store,
  subjects: readonly Subject[],
): Promise<Proof[][]> {
  const wanted = new Set(subjects.map(({ id }) => id))
  const proofs: (Proof & { id: string })[] = []
  for (const duty of duties) {
    const mine = kinds.filter((kind) => duty.sees.includes(kind))
    const run = mine.length === 0 ? null : await store.runs.latestCompleted(duty.id)
    if (run === null) continue
    for (const seen of await observationsOf(store, run, mine))
      if (isProof(seen) && wanted.has(seen.subject.id)) proofs.push({ id: seen.subject.id, at: run.startedAt, seen })
  }
  return subjects.map(({ id }) =>
    kinds.flatMap((kind) =>
      ofKind(
        proofs.filter((one) => one.id === id),
        kind,
      ),
    ),
  )
}

function isProof(one: Observation): one is Seen {
  return kinds.some((kind) => kind === one.kind)
}

function ofKind(proofs: readonly Proof[], kind: ProofKind): Proof[] {
  const [newest, ...before] = proofs
    .filter(({ seen }) => seen.kind === kind)
    .toSorted((one, other) => (one.at < other.at ? 1 : -1))
  if (newest === undefined) return []
  if (newest.seen.state !== 'seen') return [newest]
  return [newest, ...before.filter(({ seen }) => sameBytes(seen, newest.seen))]
}

function sameBytes(one: Seen, other: Seen): boolean {
  if (one.state !== 'seen' || other.state !== 'seen') return false
  if (one.kind === 'server-probes' && other.kind === 'server-probes')
    return one.facts.bytes === other.facts.bytes && one.facts.command === other.facts.command
  return one.kind === other.kind
}
