import type { Facts, Observation } from '@upkeep/contract'
import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { advisedPackage } from './advised-package.ts'
import { packageKey } from './purl.ts'

/**
 * How a server has a package. `starts`: in the copy that would start. `installed`: in a copy that could, or that lies beside it.
 * `bundled`: its code lies inside another package. `declared`: its entry names it.
 */
export type HasHow = 'starts' | 'installed' | 'bundled' | 'declared'

/** One package that an observation shows a server to have; `version` null where none is known. */
export interface ObservedPart {
  /** As `packageKey` writes it. */
  package: string
  version: string | null
  how: HasHow
}

/** What one observation shows of a server's packages. `whole`: everything; `partial`: there may be more; `unknown`: nothing can be said; `elsewhere`: it runs on another machine. */
export interface ObservedParts {
  parts: ObservedPart[]
  knowledge: 'whole' | 'partial' | 'unknown' | 'elsewhere'
}

/** The kinds of observation that show packages. */
export const partKinds: readonly string[] = ['declared-server', 'resolved-package', 'bundled-code']

/** The packages that an observation shows, each once; null for a kind that shows none. */
export function observedParts(observation: Observation): ObservedParts | null {
  switch (observation.kind) {
    case 'declared-server':
      return observation.state === 'seen' ? declaredParts(observation.facts) : nothing
    case 'resolved-package':
      if (observation.state !== 'seen') return nothing
      return { parts: resolvedParts(observation.facts), knowledge: knowledgeOf(observation.facts) }
    case 'bundled-code':
      return observation.state === 'seen' ? { parts: bundledParts(observation.facts), knowledge: 'partial' } : nothing
    default:
      return null
  }
}

const nothing: ObservedParts = { parts: [], knowledge: 'unknown' }

function declaredParts({ launch }: Facts<'declared-server'>): ObservedParts {
  if (launch.via === 'remote') return { parts: [], knowledge: 'elsewhere' }
  if (!('ecosystem' in launch)) return { parts: [], knowledge: 'partial' }
  const version = launch.pinned && launch.requested !== null ? launch.requested.replace(/^[=v]+/, '') : null
  const part = { package: packageKey(launch.ecosystem, launch.name), version, how: 'declared' as const }
  return { parts: [part], knowledge: 'partial' }
}

function resolvedParts({ installed, wouldRun }: Facts<'resolved-package'>): ObservedPart[] {
  const parts = installed.flatMap((copy, index) =>
    copy.components.flatMap((component) =>
      namesOf(component, copy).map(({ ecosystem, name, version }) => ({
        package: packageKey(ecosystem, name),
        version,
        how: index === wouldRun ? ('starts' as const) : ('installed' as const),
      })),
    ),
  )
  return eachOnce(parts)
}

/** Under its own name it is asked for; under that of its source package advisories of its distribution speak of it. */
function namesOf(
  component: Component,
  copy: Installation,
): { ecosystem: string; name: string; version: string | null }[] {
  const advised = component.builtFrom === undefined ? null : advisedPackage(component, copy)
  return advised === null ? [component] : [component, advised]
}

function bundledParts({ components }: Facts<'bundled-code'>): ObservedPart[] {
  const parts = components.flatMap(({ ecosystem, name, versions }) =>
    (versions.length === 0 ? [null] : versions).map((version) => ({
      package: packageKey(ecosystem, name),
      version,
      how: 'bundled' as const,
    })),
  )
  return eachOnce(parts)
}

function knowledgeOf({ installed, wouldRun }: Facts<'resolved-package'>): ObservedParts['knowledge'] {
  if (installed.every((copy) => copy.components.length === 0)) return 'unknown'
  const gaps = installed.some((copy) => copy.problems.length > 0 || copy.components.length === 0)
  return wouldRun === null || gaps ? 'partial' : 'whole'
}

function eachOnce(parts: readonly ObservedPart[]): ObservedPart[] {
  return [...new Map(parts.map((part) => [`${part.package}\n${part.version ?? ''}\n${part.how}`, part])).values()]
}
