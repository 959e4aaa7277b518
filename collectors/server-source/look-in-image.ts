import type { Seen } from '@upkeep/contract/observation'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { SourceCopy } from '@upkeep/contract/observations/server-source'
import type { MemoryPort, Refusal } from '@upkeep/contract/ports'
import type { ImagePorts } from '@upkeep/domain/images/read-image'
import { z } from 'zod'
import { asJson } from './as-json.ts'
import { type ImagePlace, imagePlace } from './image-place.ts'

type Hands = ImagePorts & { memory: MemoryPort; server: DeclaredServer }

/** Counts up whenever the same bytes may come to something else. */
const way = 1

/** Opening an image takes seconds: what it came to is remembered by every byte of its archive and by how the entry starts it. */
export async function lookInImage(
  { installed, why }: ResolvedPackage,
  ports: Hands,
  signal: { readonly aborted: boolean },
): Promise<Seen<'server-source'>> {
  const [copy] = installed
  if (copy === undefined) return { state: 'unavailable', code: 'not-supported', reason: why }
  const key = copy.digest === null ? null : `image-source:${way}:${copy.digest}:${digestOf(ports)}`
  const known = key === null ? null : ImageSeen.safeParse(asJson(ports.memory.recall(key) ?? 'null')).data
  if (known != null) return seenIn(known, copy)
  const opened = imagePlace(ports, copy, ports.server)
  if ('state' in opened && opened.code !== 'not-supported') return opened
  const made = 'state' in opened ? opened : await readImageSource(opened, signal)
  if (made === null) return { state: 'unavailable', code: 'timed-out', reason: 'its source could not be read in time' }
  if (key !== null) ports.memory.remember(key, JSON.stringify(made))
  return seenIn(made, copy)
}

async function readImageSource({ place, files, problems }: ImagePlace, signal: { readonly aborted: boolean }) {
  const { readCopy } = await import('./read-copy.ts')
  const read = await readCopy(files, place, signal)
  if (read === null) return null
  const { package: name, folder } = place
  const gaps = problems.slice(0, 5).map((reason) => ({ path: folder, reason }))
  return { package: name, folder, ...read, notLooked: [...read.notLooked, ...gaps] }
}

const ImageSeen = z.union([
  SourceCopy.omit({ root: true, version: true, digest: true }),
  z.object({ state: z.literal('unavailable'), code: z.literal('not-supported'), reason: z.string() }),
])

function seenIn(
  made: z.infer<typeof ImageSeen> | Refusal,
  { root, version, digest }: Installation,
): Seen<'server-source'> {
  if ('state' in made) return made
  return { state: 'seen', facts: { copies: [{ ...made, root, version, digest }] } }
}

function digestOf({ archives, server }: Hands): string {
  return archives.sha256(new TextEncoder().encode(JSON.stringify(server.args)))
}
