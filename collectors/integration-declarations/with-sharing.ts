import type { Facts, Subject } from '@upkeep/contract'

type Integrations = Facts<'integrations'>
type Shared = Integrations['shared'][number]

/** How many other servers of one shared credential are named. */
const maxOthers = 100

/** Adds to each server which of its values stand in other servers' entries too: the same keyed hash is the same value. */
export function withSharing(
  servers: readonly { subject: Subject; facts: Omit<Integrations, 'shared'> }[],
): { subject: Subject; facts: Integrations }[] {
  const holders = new Map<string, Map<string, Shared['others'][number]>>()
  for (const { subject, facts } of servers) {
    for (const { fingerprint } of facts.credentials) {
      if (fingerprint === null) continue
      const known = holders.get(fingerprint) ?? new Map()
      holders.set(fingerprint, known.set(subject.id, { name: facts.name, client: facts.client, path: facts.path }))
    }
  }
  return servers.map(({ subject, facts }) => ({
    subject,
    facts: { ...facts, shared: sharedBy(subject, facts, holders) },
  }))
}

function sharedBy(
  subject: Subject,
  { credentials }: Pick<Integrations, 'credentials'>,
  holders: ReadonlyMap<string, ReadonlyMap<string, Shared['others'][number]>>,
): Shared[] {
  const seen = new Set<string>()
  return credentials.flatMap(({ fingerprint, where }) => {
    if (fingerprint === null || seen.has(fingerprint)) return []
    seen.add(fingerprint)
    const others = [...(holders.get(fingerprint) ?? [])].filter(([id]) => id !== subject.id)
    return others.length === 0 ? [] : [{ fingerprint, where, others: inOrder(others) }]
  })
}

/** Sorted by id, so that the order of reading means nothing. */
function inOrder(others: readonly [string, Shared['others'][number]][]): Shared['others'] {
  const sorted = others.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return sorted.slice(0, maxOthers).map(([, other]) => other)
}
