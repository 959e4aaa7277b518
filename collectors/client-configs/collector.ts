import { defineCollector, type Observation } from '@upkeep/contract'
import type { Place } from '@upkeep/contract/place'
import type { FilesPort, GatewaysPort, PlacesPort } from '@upkeep/contract/ports'
import { clientList } from '@upkeep/domain/client-formats/client-list'
import { configPaths, type LookedAt, pluginPaths } from '@upkeep/domain/client-formats/config-paths'
import { maxBytesOf, parseText, type TextFormat } from '@upkeep/domain/client-formats/parse-text'
import type { Tree } from '@upkeep/domain/client-formats/tree'
import { readWalls } from '@upkeep/domain/confinement/read-walls'
import type { Fingerprint } from '@upkeep/domain/redaction/safe-value'
import { findFiles, refusedPath } from './find-files.ts'
import { ownBundles } from './own-bundles.ts'
import { ownFile } from './own-file.ts'
import { type ConfigRead, type ReadWith, readConfig, unavailableConfig } from './read-config.ts'

/**
 * Reads the configuration files of every known client in one place. A file that is not there is no news; one that cannot be read or
 * parsed is one unavailable observation, and the others go on.
 */
export const clientConfigs = defineCollector({
  id: 'client-configs',
  version: 1,
  title: "The MCP servers that clients' configuration files and listed gateways declare",
  sees: ['client-config', 'declared-server'],
  per: 'place',
  reaches: ['files', 'places', 'secrets', 'gateways'],
  after: [],
  timeoutSeconds: 60,
  async collect({ for: { place }, ports, settings, signal }) {
    const fingerprint = (text: string) => ports.secrets.fingerprint(text)
    if (place.gateway !== undefined) return observationsOf(await readGateway(place, ports.gateways, fingerprint))
    const reads: ConfigRead[] = []
    const look = lookIn(ports.files)
    const denied = new Map(
      clientList.map((client) => [client.client, client.denies?.({ place, json: look.json }) ?? noneDenied]),
    )
    for (const looked of [...configPaths(place), ...pluginPaths(place, look)]) {
      if (signal.aborted) return [...observationsOf(reads), outOfTime(place.home)]
      const denies = denied.get(looked.client.client) ?? noneDenied
      reads.push(readAll(looked, ports.files, { fingerprint, denies }))
    }
    const urls = reads.flatMap((read) => read.urls)
    const own = { files: ports.files, fingerprint }
    const all = [...observationsOf(reads), ...ownFile(place, settings, urls, own), ...ownBundles(place, settings, own)]
    return all.map((one) => withWalls(one, ports))
  },
})

/** What an entry says of its walls is held against the profile that it names. */
function withWalls<Seen extends Observation<'client-config' | 'declared-server'>>(
  one: Seen,
  ports: { files: FilesPort; places: PlacesPort },
): Seen {
  if (one.kind !== 'declared-server' || one.state !== 'seen' || one.facts.confined === undefined) return one
  const read = readWalls(ports, one.facts)
  const confined = { ...one.facts.confined, fault: typeof read === 'string' ? read : null }
  return { ...one, facts: { ...one.facts, confined } }
}

/** A gateway is one configuration: what it answers stands for the file of a client. */
async function readGateway(place: Place, gateways: GatewaysPort, fingerprint: Fingerprint): Promise<ConfigRead[]> {
  return Promise.all(
    configPaths(place).map(async (looked) => {
      const read = await gateways.read(looked.path)
      if (read.state === 'unavailable') return refused(looked.path, read)
      return readConfig(looked, new TextEncoder().encode(read.text), { fingerprint, denies: noneDenied })
    }),
  )
}

/** What finding plugins may look at. A file that cannot be read is reported where it is read for its servers. */
function lookIn(files: FilesPort): Parameters<typeof pluginPaths>[1] {
  return {
    json: (path) => treeOf(files, path, 'json'),
    tree: (path, format) => treeOf(files, path, format),
    mentions: (path, word) => textOf(files, path, maxBytesOf.json)?.includes(word) ?? false,
    names(folder) {
      const listed = files.list(folder, maxNames)
      return listed.state === 'present' ? listed.names : []
    },
  }
}

const maxNames = 1_000

function treeOf(files: FilesPort, path: string, format: TextFormat): Tree | null {
  const text = textOf(files, path, maxBytesOf[format])
  const parsed = text === null ? null : parseText(text, format)
  return parsed?.state === 'parsed' ? parsed.tree : null
}

function textOf(files: FilesPort, path: string, maxBytes: number): string | null {
  const read = files.read(path, maxBytes)
  return read.state === 'present' ? new TextDecoder().decode(read.bytes) : null
}

/** Most clients have no list of the machine's. */
const noneDenied = () => false

function readAll(looked: LookedAt, files: FilesPort, reading: ReadWith): ConfigRead {
  const reads = findFiles(looked, files).map((found) =>
    found.state === 'path'
      ? readOne(found.looked, files, reading)
      : refused(refusedPath(found.path, found.refusal, files), found.refusal),
  )
  return { observations: reads.flatMap((read) => read.observations), urls: reads.flatMap((read) => read.urls) }
}

function readOne(looked: LookedAt, files: FilesPort, reading: ReadWith): ConfigRead {
  const read = files.read(looked.path, maxBytesOf[looked.location.format])
  if (read.state === 'absent') return { observations: [], urls: [] }
  if (read.state === 'unavailable') return refused(refusedPath(looked.path, read, files), read)
  return readConfig(looked, read.bytes, reading)
}

function refused(path: string, refusal: Parameters<typeof unavailableConfig>[1]): ConfigRead {
  return { observations: [unavailableConfig(path, refusal)], urls: [] }
}

/** One observation per kind and subject: a closed folder is met once per file that may lie behind it. */
function observationsOf(reads: readonly ConfigRead[]): readonly Observation<'client-config' | 'declared-server'>[] {
  const all = reads.flatMap((read) => read.observations)
  return [...new Map(all.map((each) => [`${each.kind} ${each.subject.id}`, each])).values()]
}

function outOfTime(home: string): Observation<'client-config'> {
  const reason = 'the time ran out before every configuration file was looked at'
  return unavailableConfig(home, { state: 'unavailable', code: 'timed-out', reason })
}
