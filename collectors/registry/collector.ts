import {
  type CollectCall,
  defineCollector,
  type Facts,
  fleet,
  type Observation,
  type UnavailableCode,
} from '@upkeep/contract'
import { type FleetPackage, fleetPackages } from '@upkeep/domain/fleet-packages'
import { type Imported, readImported } from './imported-packuments.ts'
import { askRegistry } from './live-packuments.ts'

type Call = CollectCall<'fleet', 'files' | 'http', 'resolved-package' | 'declared-server'>

/** What the registry in use offers of the packages that the fleet starts by name: out of imported files, or asked with consent. */
export const registry = defineCollector({
  id: 'registry',
  version: 1,
  title: 'Versions that the registry in use offers',
  sees: ['registry'],
  per: 'fleet',
  reaches: ['files', 'http'],
  after: ['resolved-package', 'declared-server'],
  timeoutSeconds: 300,
  async collect(call) {
    const { settings, prior } = call
    if (!settings.online && settings.feeds.registry.length === 0) return [unavailable('not-consented', notConsented)]
    const { direct } = fleetPackages(prior['declared-server'], prior['resolved-package'])
    if (direct.length === 0) return [{ kind: 'registry', subject: fleet, state: 'absent', reason: noPackage }]
    const imported = readImported(settings.feeds.registry, call.ports.files)
    return [settings.online ? await askLive(call, direct, imported) : fromImported(call, direct, imported)]
  },
})

const notConsented = 'the registry is asked only with --online, and no packument is imported'
const noPackage = 'no server of the fleet starts a package by name'

function fromImported(
  { settings }: Call,
  direct: readonly FleetPackage[],
  imported: Imported,
): Observation<'registry'> {
  if (imported.packages.size === 0) {
    return unavailable('malformed', `nothing could be imported: ${imported.problems[0]?.reason ?? 'no packument'}`)
  }
  const missing = direct.filter((one) => one.ecosystem !== 'npm' || !imported.packages.has(one.name))
  const failed = missing.map((one) => ({ name: one.name, reason: 'it is not among the imported packuments' }))
  return seen({
    source: settings.feeds.registry.join(', '),
    asked: 'imported',
    packages: wantedOf(direct, imported),
    failed: [...failed, ...imported.problems],
  })
}

/** What could not be had live is taken from the imported files, where they have it. */
async function askLive(
  call: Call,
  direct: readonly FleetPackage[],
  imported: Imported,
): Promise<Observation<'registry'>> {
  const { settings, ports, signal } = call
  const names = direct.filter((one) => one.ecosystem === 'npm').map((one) => one.name)
  const answers = await askRegistry(settings.registryUrl, names, ports.http, signal)
  const live = answers.flatMap((one) => (one.state === 'answered' ? [one.packument] : []))
  const failed = answers.flatMap((one) => (one.state === 'failed' ? [{ name: one.name, reason: one.reason }] : []))
  const known = new Set(live.map((one) => one.name))
  const kept = wantedOf(direct, imported).filter((one) => !known.has(one.name))
  if (live.length + kept.length === 0 && failed.length > 0) {
    return unavailable('unreachable', `none of ${names.length} packages could be asked about: ${failed[0]?.reason}`)
  }
  const others = direct.filter((one) => one.ecosystem !== 'npm')
  return seen({
    source: withoutSecrets(settings.registryUrl),
    asked: 'live',
    packages: [...live, ...kept],
    failed: [...failed, ...others.map((one) => ({ name: one.name, reason: `${one.ecosystem} is not asked yet` }))],
  })
}

function wantedOf(direct: readonly FleetPackage[], imported: Imported): Facts<'registry'>['packages'] {
  return direct.flatMap((one) => (one.ecosystem === 'npm' ? (imported.packages.get(one.name) ?? []) : []))
}

/** Sorted, so that the same answers are the same observation in whatever order they came. */
function seen(facts: Facts<'registry'>): Observation<'registry'> {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const sorted = { ...facts, packages: facts.packages.toSorted(byName), failed: facts.failed.toSorted(byName) }
  return { kind: 'registry', subject: fleet, state: 'seen', facts: sorted }
}

/** A registry's address may carry a login or a token. */
function withoutSecrets(registryUrl: string): string {
  return URL.canParse(registryUrl) ? new URL(registryUrl).origin : 'the registry'
}

function unavailable(code: UnavailableCode, reason: string): Observation<'registry'> {
  return { kind: 'registry', subject: fleet, state: 'unavailable', code, reason }
}
