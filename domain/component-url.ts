import type { ComponentEcosystem } from '@upkeep/contract/observations/resolved-package'
import { packageUrl, systemUrl } from './purl.ts'
import { knownDistribution } from './versions/distribution.ts'

/**
 * A component's URL, as inventories exchange it. Null where it cannot have one: the name is not a package's, or the URL would need to name
 * a distribution (apk, deb) that is not known.
 */
export function componentUrl(
  ecosystem: ComponentEcosystem,
  name: string,
  version: string | null,
  distribution: string | null = null,
): string | null {
  if (ecosystem !== 'apk' && ecosystem !== 'deb') return packageUrl(ecosystem, name, version)
  const known = distribution === null ? null : knownDistribution(distribution)
  return known === null ? null : systemUrl(known, name, version)
}
