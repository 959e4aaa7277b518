import type { Observation } from '@upkeep/contract'
import { fleetPackages } from '@upkeep/domain/fleet-packages'
import type { WantedPackage } from './describe-packument.ts'

/** The packages of the fleet that a registry can be asked about, those first that entries start by name; and those that cannot be asked yet. */
export interface WantedPackages {
  npm: WantedPackage[]
  others: { ecosystem: string; name: string }[]
}

/** Everything that entries start by name, and every npm package of the trees that were found for them, with the versions installed. */
export function wantedPackages(
  declared: readonly Observation<'declared-server'>[],
  resolved: readonly Observation<'resolved-package'>[],
): WantedPackages {
  const { direct, all } = fleetPackages(declared, resolved)
  const started = new Set(direct.filter((one) => one.ecosystem === 'npm').map((one) => one.name))
  const versions = installedVersions(resolved)
  const npm = all
    .filter((one) => one.ecosystem === 'npm')
    .map(({ name }) => ({ name, direct: started.has(name), versions: [...(versions.get(name) ?? [])].sort() }))
  return {
    npm: npm.toSorted((a, b) => Number(b.direct) - Number(a.direct)),
    others: direct.filter((one) => one.ecosystem !== 'npm'),
  }
}

function installedVersions(resolved: readonly Observation<'resolved-package'>[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const add = (name: string, version: string | null) => {
    if (version !== null) found.set(name, (found.get(name) ?? new Set()).add(version))
  }
  for (const one of resolved) {
    if (one.state !== 'seen') continue
    for (const copy of one.facts.installed) {
      if (one.facts.ecosystem === 'npm') add(one.facts.name, copy.version)
      for (const part of copy.components) if (part.ecosystem === 'npm') add(part.name, part.version)
    }
  }
  return found
}
