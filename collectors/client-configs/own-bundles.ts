import { type Observation, serverSubject } from '@upkeep/contract'
import type { Place } from '@upkeep/contract/place'
import type { FilesPort, Refusal } from '@upkeep/contract/ports'
import type { Settings } from '@upkeep/contract/settings'
import { declareServer } from '@upkeep/domain/client-formats/declare-server'
import { readExtension } from '@upkeep/domain/client-formats/desktop-extension'
import { parseText } from '@upkeep/domain/client-formats/parse-text'
import { type Fingerprint, safeName } from '@upkeep/domain/redaction/safe-value'
import { seenServer } from './read-config.ts'

type Seen = Observation<'declared-server'>
type Bundle = NonNullable<Settings['bundles']>[number]

const maxManifestBytes = 1 << 20

/** Packed bundles that the owner lists under `bundles`: each is a server, declared by its own manifest, or unknown with the reason. */
export function ownBundles(
  place: Place,
  { bundles = [] }: Settings,
  ports: { files: FilesPort; fingerprint: Fingerprint },
): readonly Seen[] {
  if (!place.machine && place.upkeepFile === null) return []
  return bundles.flatMap((bundle) => declaredBy(bundle, ports))
}

function declaredBy(
  { path, problem }: Bundle,
  { files, fingerprint }: { files: FilesPort; fingerprint: Fingerprint },
): Seen[] {
  const unread = (code: Refusal['code'], reason: string): Seen[] => {
    const name = safeName(path.slice(path.lastIndexOf('/') + 1), 'free', fingerprint)
    const subject = serverSubject('upkeep', path, name)
    return [{ kind: 'declared-server', subject, state: 'unavailable', code, reason: `the bundle: ${reason}` }]
  }
  if (problem !== null) return unread('malformed', problem)
  const manifest = `${path}/manifest.json`
  const read = files.read(manifest, maxManifestBytes)
  if (read.state === 'absent') return unread('malformed', 'it has no manifest.json')
  if (read.state === 'unavailable') return unread(read.code, read.reason)
  const parsed = parseText(new TextDecoder().decode(read.bytes), 'json', undefined)
  if (parsed.state === 'refused') return unread(parsed.code, parsed.reason)
  const { entries } = readExtension(parsed.tree, manifest)
  if (entries.length === 0) return unread('malformed', 'its manifest.json names no server')
  const file = { client: 'upkeep', scope: 'user', path, project: null, expands: ['user-config'] } as const
  return entries.map((entry) => seenServer(declareServer(entry, file, fingerprint), false))
}
