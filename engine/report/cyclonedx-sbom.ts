import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { packageKey } from '@upkeep/domain/purl'
import { bundledComponent, type FoundComponent, installedComponent, pinnedComponent } from './cyclonedx-component.ts'
import {
  type CdxComponent,
  type CdxProperty,
  type CdxService,
  type CycloneDx,
  metadataOf,
  type Origin,
  property,
} from './cyclonedx-document.ts'
import type { ServerParts } from './fleet-parts.ts'
import { shownText } from './shown-text.ts'

const maxOccurrences = 50

/**
 * What the servers are made of, as CycloneDX 1.6. The same records give the same bytes: no serial number, no time unless asked for. What
 * could not be seen whole is said in `compositions`, never left out silently.
 */
export function cycloneDxSbom(
  servers: readonly ServerParts[],
  origin: Origin,
  scope: 'fleet' | 'server' = 'fleet',
): CycloneDx {
  const made = servers.map(partsOf)
  const [first] = made
  const single = scope === 'server' && servers.length === 1 && first !== undefined
  const about: CdxComponent = single
    ? first.server
    : { type: 'platform', 'bom-ref': 'fleet', name: 'MCP servers under care', properties: [] }
  const components = joined(made.flatMap((one) => one.found))
  const services = made.flatMap((one) => one.service ?? [])
  const listed = single ? components : [...made.map((one) => one.server), ...components]
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: metadataOf(origin, about),
    components: listed,
    ...(services.length === 0 ? {} : { services }),
    dependencies: dependenciesOf(made, single, components),
    compositions: compositionsOf(made),
  }
}

type Completeness = 'complete' | 'incomplete' | 'unknown'

interface MadeOf {
  server: CdxComponent
  service: CdxService | null
  found: FoundComponent[]
  whole: Completeness
}

function partsOf(parts: ServerParts): MadeOf {
  const { declared } = parts
  const { copies, certain, why } = copiesOf(parts)
  const found = copies.flatMap((copy) => copy.components.map((one) => installedComponent(one, copy, !certain)))
  const bundled = parts.bundled?.state === 'seen' ? parts.bundled.facts.components : []
  found.push(...bundled.filter((one) => copies.some((copy) => copy.root === one.copy)).map(bundledComponent))
  const pinned = pinOf(declared, copies)
  if (pinned !== null) found.push(pinned)
  const whole = wholeness(copies, certain)
  const properties = [
    ...propertiesOf(parts),
    property('packages', whole),
    ...(why === '' ? [] : [property('why', why)]),
  ]
  return {
    server: {
      type: 'application',
      'bom-ref': shownText(parts.subject.id, 4_000),
      name: shownText(parts.subject.name, 300),
      properties,
    },
    service: serviceOf(parts),
    found,
    whole,
  }
}

/** The copy that would start; where that is not known, every copy that could. */
function copiesOf({ resolved }: ServerParts): { copies: readonly Installation[]; certain: boolean; why: string } {
  if (resolved === null) return { copies: [], certain: false, why: 'no run looked for what is installed' }
  if (resolved.state !== 'seen') return { copies: [], certain: false, why: resolved.reason }
  const { installed, wouldRun, why } = resolved.facts
  const chosen = wouldRun === null ? undefined : installed[wouldRun]
  return chosen === undefined
    ? { copies: installed, certain: false, why }
    : { copies: [chosen], certain: true, why: '' }
}

function wholeness(copies: readonly Installation[], certain: boolean): Completeness {
  if (copies.length === 0) return 'unknown'
  const gaps = copies.some((copy) => copy.problems.length > 0 || copy.components.length === 0)
  return certain && !gaps ? 'complete' : 'incomplete'
}

function pinOf(declared: DeclaredServer | null, copies: readonly Installation[]): FoundComponent | null {
  if (declared === null || !('ecosystem' in declared.launch)) return null
  const { launch } = declared
  if (!launch.pinned || launch.requested === null) return null
  const version = launch.requested.replace(/^[=v]+/, '')
  const key = packageKey(launch.ecosystem, launch.name)
  const here = copies.some((copy) =>
    copy.components.some((one) => packageKey(one.ecosystem, one.name) === key && one.version === version),
  )
  return here ? null : pinnedComponent(launch, version, declared.path)
}

function propertiesOf({ declared }: ServerParts): CdxProperty[] {
  if (declared === null) return []
  return [
    property('client', declared.client),
    property('declared-in', declared.path),
    property('transport', declared.transport),
    ...(declared.disabled ? [property('disabled', 'true')] : []),
  ]
}

/** A server that is reached by URL runs elsewhere: what it is made of cannot be seen from here. */
function serviceOf({ subject, declared }: ServerParts): CdxService | null {
  const url = declared?.url ?? null
  if (url === null) return null
  const plainUrl = /^https?:\/\/[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]{0,500})?$/.test(url)
  return {
    'bom-ref': `service:${shownText(subject.id, 4_000)}`,
    name: shownText(subject.name, 300),
    ...(plainUrl ? { endpoints: [url] } : {}),
    'x-trust-boundary': true,
    properties: plainUrl ? [] : [property('url', url)],
  }
}

/** Each component once, with every place where it was found. */
function joined(found: readonly FoundComponent[]): CdxComponent[] {
  const byRef = new Map<string, { component: CdxComponent; locations: Set<string>; optional: boolean }>()
  for (const { component, locations } of found) {
    const known = byRef.get(component['bom-ref'])
    const optional = component.scope === 'optional'
    if (known === undefined) byRef.set(component['bom-ref'], { component, locations: new Set(locations), optional })
    else {
      for (const location of locations) known.locations.add(location)
      known.optional &&= optional
    }
  }
  const sorted = [...byRef.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([, one]) => withPlaces(one.component, [...one.locations].sort(), one.optional))
}

function withPlaces({ scope: _, ...component }: CdxComponent, places: string[], optional: boolean): CdxComponent {
  const occurrences = places.slice(0, maxOccurrences).map((location) => ({ location }))
  const left = places.length - occurrences.length
  const more = left > 0 ? [property('more-places', String(left))] : []
  return {
    ...component,
    ...(optional ? { scope: 'optional' } : {}),
    evidence: { identity: component.evidence?.identity ?? [], occurrences },
    properties: [...(component.properties ?? []), ...more],
  }
}

function dependenciesOf(made: readonly MadeOf[], single: boolean, components: readonly CdxComponent[]) {
  const servers = made.map((one) => ({
    ref: one.server['bom-ref'],
    dependsOn: [...new Set(one.found.map((each) => each.component['bom-ref']))].sort(),
  }))
  const fleet = single ? [] : [{ ref: 'fleet', dependsOn: servers.map((one) => one.ref) }]
  return [...fleet, ...servers, ...components.map((one) => ({ ref: one['bom-ref'] }))]
}

function compositionsOf(made: readonly MadeOf[]): NonNullable<CycloneDx['compositions']> {
  const words: readonly Completeness[] = ['complete', 'incomplete', 'unknown']
  return words.flatMap((aggregate) => {
    const dependencies = made.filter((one) => one.whole === aggregate).map((one) => one.server['bom-ref'])
    return dependencies.length === 0 ? [] : [{ aggregate, dependencies }]
  })
}
