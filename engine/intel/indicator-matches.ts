import type { Facts } from '@upkeep/contract'
import type { OpenFeed } from './look-up.ts'

type Match = Facts<'advisories'>['indicators'][number]

const maxMatches = 500

/** The packages and hosts of the fleet that a feed names as a sign of an attack. A name below a listed domain counts too. */
export function indicatorMatches(
  feeds: readonly OpenFeed[],
  { keys, hosts }: { keys: readonly string[]; hosts: readonly string[] },
): Match[] {
  const matches: Match[] = []
  for (const { feed, database } of feeds) {
    if (database.prepare('select 1 from indicator limit 1').get() === undefined) continue
    const find = database.prepare('select says from indicator where type = ? and value = ? limit 1')
    const look = (type: Match['type'], asked: string, value: string) => {
      const row = find.get(type, asked)
      if (row !== undefined) matches.push({ type, value, says: String(row.says), feed: feed.id })
      return row !== undefined
    }
    for (const key of keys) look('package', key, key)
    for (const host of new Set(hosts.map((one) => one.toLowerCase()))) {
      domainsOf(host).some((domain) => look('domain', domain, host))
    }
  }
  return matches.slice(0, maxMatches)
}

/** A host and every domain above it that has at least two labels. */
function domainsOf(host: string): string[] {
  const labels = host.split('.').slice(-20)
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
