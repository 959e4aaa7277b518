import type { FleetHistory } from '@upkeep/contract/observations/fleet-history'
import { knownDistribution, packagedAs } from '../versions/distribution.ts'

type Remembered = FleetHistory['packages'][number]

/**
 * The ecosystems under which advisories speak of what is remembered. A package of a distribution is remembered by its own name too: that
 * counts only for servers of which no release is known.
 */
export function advisedEcosystems(packages: readonly Pick<Remembered, 'ecosystem' | 'sights'>[]): string[] {
  const released = new Set(
    packages.flatMap(({ ecosystem, sights }) => {
      const distribution = knownDistribution(ecosystem)
      return distribution === null ? [] : sights.map((sight) => `${packagedAs(distribution)} ${sight.server.id}`)
    }),
  )
  const named = packages.filter(
    ({ ecosystem, sights }) =>
      (ecosystem !== 'apk' && ecosystem !== 'deb') ||
      !sights.every((sight) => released.has(`${ecosystem} ${sight.server.id}`)),
  )
  return [...new Set(named.map((one) => one.ecosystem))].sort()
}
