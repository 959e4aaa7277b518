import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { Component, type Installation } from '@upkeep/contract/observations/resolved-package'
import type { FilesPort, MemoryPort, Refusal } from '@upkeep/contract/ports'
import type { Settings } from '@upkeep/contract/settings'
import { readImage } from '@upkeep/domain/client-formats/package-spec'
import { z } from 'zod'
import { type ImageContent, imageBounds, readImageArchive } from './image-archive.ts'
import type { Outcome } from './outcome.ts'

type Launch = Extract<DeclaredServer['launch'], { via: 'docker' | 'podman' }>

/** Another way of reading finds other things. */
const way = 1

/** What an entry's image holds, read from the archive that `upkeep.yaml` names for it. No container engine is asked. */
export function resolveImage(
  launch: Launch,
  { files, memory, images }: { files: FilesPort; memory: MemoryPort; images: Settings['images'] },
): Outcome {
  const archive = images?.find((one) => isSame(launch, one.reference))
  if (archive === undefined) return withoutArchive(launch)
  const bytesDigest = digestOfArchive(files, archive.path)
  const content = remembered(files, memory, { path: archive.path, bytesDigest })
  if ('state' in content) return content
  return { state: 'seen', facts: { ...identity(launch), ...copyOf(launch, archive.path, { ...content, bytesDigest }) } }
}

function identity(launch: Launch) {
  return { name: launch.image, ecosystem: 'oci' as const, pinned: launch.digest !== null }
}

function withoutArchive(launch: Launch): Outcome {
  const reference = launch.digest !== null ? 'pinned by digest' : `tag ${launch.tag ?? '"latest"'}, which can be moved`
  const why = `an image, ${reference}: ${launch.via} is never asked, so what it holds here is not known; upkeep.yaml can name its archive under images`
  return { state: 'seen', facts: { ...identity(launch), installed: [], wouldRun: null, why } }
}

/** Two spellings of one reference: Docker's own registry and the tag `latest` go without saying. */
function isSame(launch: Launch, reference: string): boolean {
  const named = readImage(reference)
  if (named === null || fullName(named.image) !== fullName(launch.image)) return false
  if (launch.digest !== null && named.digest !== null) return launch.digest === named.digest
  return (named.tag ?? 'latest') === (launch.tag ?? 'latest')
}

function fullName(image: string): string {
  const [first = '', ...rest] = image.split('/')
  if (rest.length === 0) return `docker.io/library/${image}`
  return first.includes('.') || first.includes(':') || first === 'localhost' ? image : `docker.io/${image}`
}

function copyOf(launch: Launch, path: string, content: ImageContent & { bytesDigest: string | null }) {
  const { digests, components, problems, bytesDigest } = content
  const other = launch.digest !== null && digests.length > 0 && !digests.includes(launch.digest)
  if (other) {
    return {
      installed: [],
      wouldRun: null,
      why: 'the archive that upkeep.yaml names holds another image than the entry pins',
    }
  }
  const copy: Installation = {
    where: 'image',
    root: path,
    version: launch.tag,
    cacheKey: null,
    requested: null,
    engines: null,
    digest: problems.length === 0 ? bytesDigest : null,
    components,
    problems,
  }
  const matched = launch.digest !== null && digests.includes(launch.digest)
  const why = matched
    ? 'the archive that upkeep.yaml names for the image, whose digest is the one that the entry pins'
    : `the archive that upkeep.yaml names for the image: that ${launch.via} would start this one is its owner's word`
  return { installed: [copy], wouldRun: 0, why }
}

const Kept = z.object({
  digests: z.array(z.string()),
  layers: z.int(),
  components: z.array(Component),
  problems: z.array(z.string()),
})

/** Over every byte of the archive; null where it cannot be read whole. */
function digestOfArchive(files: FilesPort, path: string): string | null {
  const bytes = files.digestTree(path, { except: [], maxFiles: 10_000, maxBytes: 2 * imageBounds.archiveBytes })
  return bytes.state === 'present' && bytes.problems.length === 0 ? bytes.digest : null
}

/** Reading an image takes seconds; its archive's digest is known without reading it again. */
function remembered(
  files: FilesPort,
  memory: MemoryPort,
  { path, bytesDigest }: { path: string; bytesDigest: string | null },
): ImageContent | Refusal {
  const key = bytesDigest === null ? null : `image:${way}:${bytesDigest}`
  const known = key === null ? null : parsed(memory.recall(key))
  if (known !== null) return known
  const content = readImageArchive(files, path)
  if (key !== null && !('state' in content)) memory.remember(key, JSON.stringify(content))
  return content
}

function parsed(text: string | null): ImageContent | null {
  if (text === null) return null
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
