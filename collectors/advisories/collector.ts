import { defineCollector, type FeedPlace, fleet, type Observation, type Settings } from '@upkeep/contract'
import { fleetPackages } from '@upkeep/domain/fleet-packages'
import { knownEcosystem } from '@upkeep/domain/versions/version-order'

/** The advisories about the fleet's packages, out of the feeds that the owner and the product have put in place. */
export const advisories = defineCollector({
  id: 'advisories',
  version: 2,
  title: 'Advisories about the packages that the fleet has',
  sees: ['advisories'],
  per: 'fleet',
  reaches: ['intel'],
  after: ['resolved-package', 'declared-server', 'bundled-code', 'fleet-history'],
  timeoutSeconds: 300,
  async collect({ prior, ports, settings, at, signal }) {
    const now = fleetPackages(prior['declared-server'], prior['resolved-package'], prior['bundled-code']).all
    const packages = [...now, ...past(prior['fleet-history'])]
    const hosts = hostsOf(prior['declared-server'])
    if (packages.length + hosts.length === 0) {
      return [{ kind: 'advisories', subject: fleet, state: 'absent', reason: nothingToLookUp }]
    }
    const feeds = feedPlaces(settings.feeds)
    const look = await ports.intel.lookUp({ feeds, packages, hosts, online: settings.online, at, signal })
    const seen = look.state === 'answered' ? { state: 'seen' as const, facts: look.facts } : look
    return [{ kind: 'advisories', subject: fleet, ...seen }]
  },
})

const nothingToLookUp = 'no server of the fleet starts a package or has an address, so that nothing was looked up'

/** Packages that the fleet had: what is found out later may be about them. */
function past(history: readonly Observation<'fleet-history'>[]): { ecosystem: string; name: string }[] {
  const packages = history.flatMap((one) => (one.state === 'seen' ? one.facts.packages : []))
  // A distribution's packages are remembered by their own names too, by which no advisory calls them.
  return packages.flatMap(({ ecosystem, name }) => (knownEcosystem(ecosystem) === null ? [] : [{ ecosystem, name }]))
}

/** Every feed that is named, each path once. */
function feedPlaces({ osv, sources }: Settings['feeds']): FeedPlace[] {
  const places: FeedPlace[] = [...osv.map((path) => ({ path })), ...(sources ?? [])]
  return [...new Map(places.map((place) => [place.path, place])).values()]
}

/** The hosts that the fleet's entries name; an address that is masked names none. */
function hostsOf(declared: readonly Observation<'declared-server'>[]): string[] {
  const urls = declared.flatMap((one) => (one.state === 'seen' && one.facts.url !== null ? [one.facts.url] : []))
  return [...new Set(urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).hostname] : [])))].sort()
}
