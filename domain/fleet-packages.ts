import type { Facts, Observation } from '@upkeep/contract'
import { advisedPackage } from './advised-package.ts'
import { packageKey } from './purl.ts'

/** A package by the name that its registry knows it by. */
export interface FleetPackage {
  ecosystem: string
  name: string
}

/** The packages that a fleet has: those that its entries start by name, and everything found installed for them. */
export interface FleetPackages {
  direct: FleetPackage[]
  all: FleetPackage[]
}

type Declared = Observation<'declared-server'>
type Resolved = Observation<'resolved-package'>
type Bundled = Observation<'bundled-code'>

/** Each package once, sorted, from what was seen of declarations and installations. */
export function fleetPackages(
  declared: readonly Declared[],
  resolved: readonly Resolved[],
  bundled: readonly Bundled[] = [],
): FleetPackages {
  const launched = declared.flatMap((one) => (one.state === 'seen' ? launchedBy(one.facts) : []))
  const found = resolved.flatMap((one) => (one.state === 'seen' ? [one.facts] : []))
  const named = found.flatMap((one) =>
    one.ecosystem === 'npm' || one.ecosystem === 'PyPI' ? [{ ecosystem: one.ecosystem, name: one.name }] : [],
  )
  const installed = found.flatMap((one) =>
    one.installed.flatMap((copy) => copy.components.flatMap((component) => advisedPackage(component, copy) ?? [])),
  )
  const inside = bundled.flatMap((one) => (one.state === 'seen' ? one.facts.components : []))
  const direct = eachOnce([...launched, ...named])
  return { direct, all: eachOnce([...direct, ...installed, ...inside]) }
}

function launchedBy({ launch }: Facts<'declared-server'>): FleetPackage[] {
  if (!('ecosystem' in launch)) return []
  const names = [launch.name, ...launch.packages.map(nameInRequest)]
  return names.map((name) => ({ ecosystem: launch.ecosystem, name }))
}

/** The package that a request such as `@scope/name@^1.2`, `name==1.0` or `name[extra]` asks for. */
export function nameInRequest(request: string): string {
  const cut = request.slice(1).search(/[@=<>!~[;\s]/)
  return cut === -1 ? request : request.slice(0, cut + 1)
}

function eachOnce(packages: readonly FleetPackage[]): FleetPackage[] {
  const byKey = new Map<string, FleetPackage>()
  for (const { ecosystem, name } of packages) {
    if (name !== '') byKey.set(packageKey(ecosystem, name), { ecosystem, name })
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}
