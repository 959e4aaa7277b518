import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { type Ecosystem, knownEcosystem } from './versions/version-order.ts'

/** The name and version under which advisories speak of a component. */
export interface AdvisedPackage {
  ecosystem: Ecosystem
  name: string
  version: string | null
}

/**
 * A package of a distribution is advised on by its source package and the release; any other by its own name. Null where no advisory could
 * be told to be about it: the release is not known, or versions of its ecosystem cannot be put in order here.
 */
export function advisedPackage(component: Component, { system }: Pick<Installation, 'system'>): AdvisedPackage | null {
  const { builtFrom } = component
  if (component.ecosystem !== 'apk' && component.ecosystem !== 'deb') {
    const ecosystem = knownEcosystem(component.ecosystem)
    return ecosystem === null ? null : { ecosystem, name: component.name, version: component.version }
  }
  const distribution = knownEcosystem(system?.distribution ?? '')
  return distribution === null || builtFrom === undefined ? null : { ecosystem: distribution, ...builtFrom }
}
