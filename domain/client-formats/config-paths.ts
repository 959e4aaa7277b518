import type { ListedGateway } from '@upkeep/contract/gateway'
import type { Place } from '@upkeep/contract/place'
import { serversAddress } from '../gateways/gateway-place.ts'
import type { ClientFormat, ConfigLocation, PluginLook } from './client-format.ts'
import { clientList } from './client-list.ts'
import { fiberplaneGateway } from './clients/fiberplane-gateway.ts'
import { joinPath } from './join-path.ts'

/** One path that is looked at, for which client, and why. A path with a `*` stands for every file that fits. */
export interface LookedAt {
  client: ClientFormat
  location: ConfigLocation
  path: string
  /** The project whose file it is. */
  project: string | null
}

/** Every path that is looked at in a place, in the order in which it is. */
export function configPaths(place: Place): readonly LookedAt[] {
  if (place.gateway !== undefined) return [ofGateway(place.gateway)]
  const seen = new Set<string>()
  return clientList.flatMap((client) =>
    client.locations
      .filter(
        ({ on, path }) => (on === undefined || on.includes(place.platform)) && (place.machine || path.startsWith('{')),
      )
      .flatMap((location) => pathsOf(place, client, location))
      .filter(({ path }) => !seen.has(path) && seen.add(path) !== undefined),
  )
}

/** A gateway has one place for all its servers: the address at which it is asked for them. */
function ofGateway(gateway: ListedGateway): LookedAt {
  const [location] = gatewayFormats[gateway.kind].locations
  return { client: gatewayFormats[gateway.kind], location, path: serversAddress(gateway), project: null }
}

const gatewayFormats = { 'fiberplane-gateway': fiberplaneGateway } as const satisfies Record<
  ListedGateway['kind'],
  ClientFormat
>

/** The files of plugins that are looked at in a place: which ones is said by files of the client, read through `look`. */
export function pluginPaths(place: Place, look: Omit<PluginLook, 'place' | 'expand'>): readonly LookedAt[] {
  if (place.gateway !== undefined) return []
  return clientList.flatMap((client) => {
    const expandIn = (path: string) => expand(place, client, path)
    const files = client.plugins?.({ place, expand: expandIn, ...look }) ?? []
    return files.map((location) => ({ client, location, path: location.path, project: location.project }))
  })
}

function pathsOf(place: Place, client: ClientFormat, location: ConfigLocation): readonly LookedAt[] {
  if (!location.path.startsWith('{project}')) {
    return [{ client, location, path: expand(place, client, location.path), project: null }]
  }
  return place.projects.map((project) => ({
    client,
    location,
    path: joinPath(project, location.path.slice('{project}'.length)),
    project,
  }))
}

function expand(place: Place, client: ClientFormat, path: string): string {
  const end = path.indexOf('}')
  if (!path.startsWith('{') || end < 0) return path
  return joinPath(rootOf(place, client, path.slice(1, end)), path.slice(end + 1))
}

/** The folder that a root stands for: what its variable says, where that is an absolute path, else the client's default. */
function rootOf(place: Place, client: ClientFormat, root: string): string {
  const own = client.roots?.[root]
  if (own !== undefined) return fromVariable(place, own.variable) ?? expand(place, client, own.otherwise)
  if (root === 'xdg') return fromVariable(place, 'XDG_CONFIG_HOME') ?? joinPath(place.home, '/.config')
  if (root === 'config') return configFolder(place)
  if (root === 'localdata') return fromVariable(place, 'LOCALAPPDATA') ?? joinPath(place.home, '/AppData/Local')
  return place.home
}

/** Where programs keep settings of a user on each system. */
function configFolder(place: Place): string {
  if (place.platform === 'darwin') return joinPath(place.home, '/Library/Application Support')
  if (place.platform === 'win32') return fromVariable(place, 'APPDATA') ?? joinPath(place.home, '/AppData/Roaming')
  return fromVariable(place, 'XDG_CONFIG_HOME') ?? joinPath(place.home, '/.config')
}

function fromVariable(place: Place, name: string): string | null {
  const value = Object.hasOwn(place.env, name) ? place.env[name] : undefined
  if (value === undefined || !/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(value)) return null
  return value
}

/** What a person is told who asks where was looked, and why. */
export interface LookedAtRow {
  client: string
  scope: ConfigLocation['scope']
  path: string
  why: string
  sources: readonly string[]
}

/** Every path that is looked at in a place, with what it is and the documents that say so; the owner's own file last. */
export function explainPaths(place: Place): readonly LookedAtRow[] {
  const rows = configPaths(place).map(({ client, location, path }) => ({
    client: client.title,
    scope: location.scope,
    path,
    why: location.why,
    sources: client.sources,
  }))
  if (place.upkeepFile === null) return rows
  const own = {
    client: 'upkeep',
    scope: 'user' as const,
    path: place.upkeepFile,
    why: 'what the owner allows',
    sources: [],
  }
  return [...rows, own]
}
