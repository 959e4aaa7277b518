import type { BlastRadius, IntegrationEntry } from './integrations-output.ts'

interface Bound {
  destinations: IntegrationEntry['destinations']
  credentials: readonly Pick<IntegrationEntry['credentials'][number], 'vendor'>[]
}

/** Whether a server talks to a vendor by its declaration: by the vendor's id, its title, or a host or domain of it. */
export function isBehind({ destinations, credentials }: Bound, vendor: string): boolean {
  const wanted = vendor.toLowerCase()
  const named = destinations.some((one) => isMeant(one, wanted))
  return named || credentials.some((one) => one.vendor === wanted)
}

/** If this vendor is breached: these servers, these secrets, these data, and these people to ask. */
export function blastRadius(vendor: string, entries: readonly IntegrationEntry[]): BlastRadius {
  const reached = entries.filter((one) => isBehind(one, vendor))
  const ids = new Set(reached.flatMap(({ destinations }) => idsOf(destinations, vendor)))
  return {
    vendor,
    servers: reached.map(({ name }) => name),
    clients: unique(reached.map(({ client }) => client)),
    secrets: reached.flatMap(({ name: server, credentials }) =>
      credentials.map(({ where, kind, vendor: opens }) => ({
        server,
        where,
        kind,
        opensVendor: opens !== null && ids.has(opens),
      })),
    ),
    dataRoots: reached.flatMap(({ name: server, dataRoots }) => dataRoots.map((path) => ({ server, path }))),
    owners: unique(reached.flatMap(({ owner }) => owner ?? [])),
    withoutOwner: reached.filter(({ owner }) => owner === null).map(({ name }) => name),
    alsoIn: unique(reached.flatMap(({ credentials }) => credentials.flatMap((one) => one.alsoIn))),
  }
}

/** The vendor's id, whichever way it was asked for. */
function idsOf(destinations: IntegrationEntry['destinations'], vendor: string): string[] {
  const wanted = vendor.toLowerCase()
  return destinations.flatMap((one) => (one.vendor !== null && isMeant(one, wanted) ? [one.vendor] : []))
}

/** What hosts of any vendor are called. */
const ordinary = new Set(['api', 'app', 'db', 'mcp', 'www'])

/** By id or title, by a host or domain; a vendor that no pack knows by a label of its host as well. */
function isMeant({ vendor, title, host }: IntegrationEntry['destinations'][number], wanted: string): boolean {
  if (vendor === wanted || title?.toLowerCase() === wanted) return true
  if (host === null) return false
  const labels = ordinary.has(wanted) ? [] : host.split('.').slice(0, -1)
  return host === wanted || host.endsWith(`.${wanted}`) || (vendor === null && labels.includes(wanted))
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
