import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Destination, Integrations } from '@upkeep/contract/observations/integrations'
import { addressesIn, isLoopback } from './addresses.ts'
import { credentialsIn, type FoundCredential } from './credentials.ts'
import { dataRootsIn } from './data-roots.ts'
import { type Vendor, vendorOfHost, vendorOfPackage, vendorOfSecret, vendorOfVariable } from './vendors.ts'

/** What of a register entry follows from the declaration alone. */
export type DeclaredIntegrations = Omit<Integrations, 'owner' | 'ownership' | 'rotatedAt' | 'shared'>

/**
 * Whom a server talks to by its declaration, with which credentials and over which data. `metadataHost` is the host that the endpoint
 * named for its authorization, when it was asked.
 */
export function describeIntegrations(
  server: DeclaredServer,
  vendors: readonly Vendor[],
  metadataHost: string | null,
): DeclaredIntegrations {
  const addresses = addressesIn(server)
  const near = addresses.filter(({ host }) => isLoopback(host))
  const far = addresses.filter(({ host }) => !isLoopback(host))
  const found = credentialsIn(server)
  const byHost = far.map(({ host, where }): Destination => {
    const by = where === 'url' ? 'url' : 'argument'
    return destination(vendorOfHost(vendors, host), { host, by, where })
  })
  const asked = metadataHost === null ? [] : [authorization(vendors, metadataHost)]
  const hosts = [...byHost, ...asked]
  const only = new Set(byHost.map(({ vendor }) => vendor)).size === 1 ? (byHost[0]?.vendor ?? null) : null
  return {
    name: server.name,
    client: server.client,
    path: server.path,
    disabled: server.disabled,
    destinations: withoutRepeats([...hosts, ...bySigns(server, vendors, found)]),
    credentials: found.map(({ name, ...one }) => ({ ...one, vendor: vendorOf(vendors, name, one.kind)?.id ?? only })),
    ...(near.length > 0 && { onThisMachine: [...new Set(near.map(({ host }) => host))] }),
    dataRoots: dataRootsIn(server),
    withoutTls: far.filter(({ tls }) => !tls).map(({ host, where }) => ({ host, where })),
  }
}

function authorization(vendors: readonly Vendor[], host: string): Destination {
  return destination(vendorOfHost(vendors, host), { host, by: 'authorization-server', where: 'endpoint' })
}

function bySigns(server: DeclaredServer, vendors: readonly Vendor[], found: readonly FoundCredential[]): Destination[] {
  const { launch } = server
  const started = 'packages' in launch ? [launch.name] : []
  const packages = started.map((name) => ({
    vendor: vendorOfPackage(vendors, name),
    by: 'package' as const,
    where: name,
  }))
  const variables = Object.keys(server.env).map((name) => ({
    vendor: vendorOfVariable(vendors, name),
    by: 'variable' as const,
    where: name,
  }))
  const secrets = found.map(({ kind, where }) => ({
    vendor: vendorOfSecret(vendors, kind),
    by: 'secret' as const,
    where,
  }))
  return [...packages, ...variables, ...secrets].flatMap(({ vendor, by, where }) =>
    vendor === null ? [] : [destination(vendor, { host: null, by, where })],
  )
}

function vendorOf(vendors: readonly Vendor[], name: string, kind: string): Vendor | null {
  return vendorOfSecret(vendors, kind) ?? vendorOfVariable(vendors, name)
}

function destination(vendor: Vendor | null, at: Pick<Destination, 'host' | 'by' | 'where'>): Destination {
  return { vendor: vendor?.id ?? null, title: vendor?.title ?? null, ...at }
}

function withoutRepeats(destinations: readonly Destination[]): Destination[] {
  const seen = new Set<string>()
  return destinations.filter(({ vendor, host, by, where }) => {
    const key = JSON.stringify([vendor, host, by, where])
    return !seen.has(key) && seen.add(key) !== undefined
  })
}
