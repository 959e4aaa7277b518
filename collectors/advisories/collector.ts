import { defineCollector, fleet, type Observation } from '@upkeep/contract'
import { fleetPackages } from '@upkeep/domain/fleet-packages'
import { type FeedReading, wantedFrom } from './feed-tally.ts'
import { readFeed } from './read-feed.ts'

/** The advisories about the fleet's packages, out of the feeds that the owner and the product have put in place. */
export const advisories = defineCollector({
  id: 'advisories',
  version: 1,
  title: 'Advisories about the packages that the fleet has',
  sees: ['advisories'],
  per: 'fleet',
  reaches: ['files'],
  after: ['resolved-package', 'declared-server'],
  timeoutSeconds: 300,
  async collect({ prior, ports, settings, signal }) {
    const paths = [...new Set(settings.feeds.osv)]
    if (paths.length === 0) return [unavailable('not-configured', 'no feed of advisories is configured')]
    const packages = fleetPackages(prior['declared-server'], prior['resolved-package']).all
    if (packages.length === 0) return [{ kind: 'advisories', subject: fleet, state: 'absent', reason: noPackage }]
    const wanted = wantedFrom(packages)
    const readings: FeedReading[] = []
    for (const path of paths) readings.push(await readFeed(path, { files: ports.files, wanted, signal }))
    return [asObservation(readings)]
  },
})

const noPackage = 'no server of the fleet starts a package, so that nothing was looked up'

/** Feeds that could not be read stand beside those that could; only when none could is the whole unavailable. */
function asObservation(readings: readonly FeedReading[]): Observation<'advisories'> {
  const first = readings[0]
  if (first?.code != null && readings.every((reading) => reading.code !== null)) {
    const reasons = readings.map((reading) => `${reading.feed.id}: ${reading.feed.problem}`)
    return unavailable(first.code, `no feed could be read: ${reasons.join('; ')}`)
  }
  const facts = {
    feeds: readings.map((reading) => reading.feed),
    records: readings.flatMap((reading) => reading.records),
  }
  return { kind: 'advisories', subject: fleet, state: 'seen', facts }
}

function unavailable(code: NonNullable<FeedReading['code']>, reason: string): Observation<'advisories'> {
  return { kind: 'advisories', subject: fleet, state: 'unavailable', code, reason }
}
