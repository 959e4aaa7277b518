import { defineCollector } from '@upkeep/contract/collector'
import type { Observation, Seen } from '@upkeep/contract/observation'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { SourceCopy } from '@upkeep/contract/observations/server-source'
import type { ArchivesPort, FilesPort, MemoryPort } from '@upkeep/contract/ports'
import { asJson } from './as-json.ts'
import { type CopyPlace, copyPlaces } from './copy-places.ts'
import { lookInImage } from './look-in-image.ts'
import type { ReadCopy } from './read-copy.ts'

/** Counts up whenever reading the same bytes may come to something else, so that nothing old is remembered. */
const readerVersion = 2

/**
 * Reads the own source of each installed copy that a server could start: what the arguments of its tools reach, and tokens in its files.
 * Runs nothing; dependencies are not among it. What a package's digest decides is remembered by it.
 */
export const serverSource = defineCollector({
  id: 'server-source',
  version: 1,
  title: "The servers' own source code",
  sees: ['server-source'],
  per: 'server',
  reaches: ['files', 'memory', 'archives'],
  after: ['resolved-package'],
  timeoutSeconds: 60,
  async collect({ for: { subject, server }, prior, ports, signal }) {
    const resolved = prior['resolved-package'].find((one) => one.subject.id === subject.id)
    const seen = await look(resolved, { ...ports, server }, signal)
    return [{ kind: 'server-source', subject, ...seen }]
  },
})

type Hands = { files: FilesPort; memory: MemoryPort; archives: ArchivesPort; server: DeclaredServer }

async function look(
  resolved: Observation<'resolved-package'> | undefined,
  ports: Hands,
  signal: { readonly aborted: boolean },
): Promise<Seen<'server-source'>> {
  if (resolved === undefined) return absent('its installed copies were not looked for')
  if (resolved.state !== 'seen') return resolved.state === 'absent' ? absent(resolved.reason) : notLooked(resolved)
  const { facts } = resolved
  if (facts.ecosystem === 'oci') return lookInImage(facts, ports, signal)
  if (facts.installed.length === 0) return absent(facts.why)
  const places = copyPlaces(ports.files, facts)
  if (places.length === 0)
    return notLooked({ code: 'not-supported', reason: 'what it starts has no source of its own to read' })
  const copies: SourceCopy[] = []
  for (const place of places) {
    const read = await remembered(place, ports, signal)
    if (read === null) return notLooked({ code: 'timed-out', reason: 'its source could not be read in time' })
    const { root, folder, package: name, version, digest } = place
    copies.push({ root, folder, package: name, version, digest, ...read })
  }
  return { state: 'seen', facts: { copies } }
}

function absent(reason: string): Seen<'server-source'> {
  return { state: 'absent', reason }
}

function notLooked({
  code,
  reason,
}: Omit<Extract<Seen<'server-source'>, { state: 'unavailable' }>, 'state'>): Seen<'server-source'> {
  return { state: 'unavailable', code, reason }
}

const Remembered = SourceCopy.omit({ root: true, folder: true, package: true, version: true, digest: true })

async function remembered(
  place: CopyPlace,
  { files, memory }: Hands,
  signal: { readonly aborted: boolean },
): Promise<ReadCopy | null> {
  const key = place.digest === null ? null : `server-source:${readerVersion}:${place.digest}`
  const known = key === null ? null : memory.recall(key)
  if (known !== null) {
    const parsed = Remembered.safeParse(asJson(known))
    if (parsed.success) return parsed.data
  }
  // Parsers are loaded only when there is something to parse: most scans remember.
  const { readCopy } = await import('./read-copy.ts')
  const read = await readCopy(files, place, signal)
  if (key !== null && read !== null) memory.remember(key, JSON.stringify(read))
  return read
}
