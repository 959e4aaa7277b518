import { fileSubject, type Observation } from '@upkeep/contract'
import type { Place } from '@upkeep/contract/place'
import type { FilesPort } from '@upkeep/contract/ports'
import type { Settings } from '@upkeep/contract/settings'
import { declareServer } from '@upkeep/domain/client-formats/declare-server'
import type { Fingerprint } from '@upkeep/domain/redaction/safe-value'
import { seenServer, unavailableConfig } from './read-config.ts'

type Target = Settings['probe'][number]
type Seen = Observation<'client-config' | 'declared-server'>

const maxBytes = 1024 * 1024

/**
 * Endpoints that the owner lists under `probe` and that no client of the place declares: each is a server of its own, declared by
 * `upkeep.yaml`. The file has been read and checked before the round began; here it is only measured.
 */
export function ownFile(
  place: Place,
  settings: Settings,
  declaredUrls: readonly string[],
  ports: { files: FilesPort; fingerprint: Fingerprint },
): readonly Seen[] {
  if (!place.machine && place.upkeepFile === null) return []
  const known = new Set(declaredUrls.map(sameForm))
  const path = place.upkeepFile ?? 'upkeep.yaml'
  const servers = settings.probe
    .filter(({ url }) => !known.has(sameForm(url)))
    .map((target) => seenServer(declaredBy(target, path, ports.fingerprint), false))
  return place.upkeepFile === null ? servers : [...fileOf(place.upkeepFile, servers, ports.files), ...servers]
}

/** One form for one endpoint, as far as the standard for URLs goes; what is no URL stands for itself. */
function sameForm(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return url
  parsed.hash = ''
  return parsed.href
}

function declaredBy(target: Target, path: string, fingerprint: Fingerprint) {
  const entry = {
    name: target.name ?? nameOf(target.url),
    project: null,
    command: null,
    args: [],
    env: new Map<string, string>(),
    url: target.url,
    headers: new Map<string, string>(),
    cwd: null,
    transport: 'http' as const,
    disabled: false,
    autoApprove: [],
    other: new Map(),
  }
  const file = { client: 'upkeep', scope: 'user', path, project: null, expands: [] } as const
  const facts = declareServer(entry, file, fingerprint)
  if (target.token === undefined) return facts
  return { ...facts, headers: { Authorization: { kind: 'reference' as const, text: target.token } } }
}

/** Host, port and nothing that could be a secret: the path is shown by `url`. */
function nameOf(url: string): string {
  return URL.parse(url)?.host ?? 'endpoint'
}

function fileOf(path: string, servers: readonly Observation<'declared-server'>[], files: FilesPort): readonly Seen[] {
  const read = files.read(path, maxBytes)
  if (read.state === 'absent') return []
  if (read.state === 'unavailable') return [unavailableConfig(path, read)]
  const facts = {
    client: 'upkeep' as const,
    scope: 'user' as const,
    path,
    format: 'yaml' as const,
    bytes: read.bytes.length,
    servers: servers.map(({ subject }) => subject.name),
    problems: [],
  }
  return [{ kind: 'client-config', subject: fileSubject(path), state: 'seen', facts }]
}
