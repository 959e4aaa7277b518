import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Installation } from '@upkeep/contract/observations/resolved-package'
import type { MemoryPort } from '@upkeep/contract/ports'
import type { Settings } from '@upkeep/contract/settings'
import { readImage } from '@upkeep/domain/client-formats/package-spec'
import type { ImagePorts } from '@upkeep/domain/images/read-image'
import { type ImageContent, imageContent } from './image-archive.ts'
import type { Outcome } from './outcome.ts'

type Launch = Extract<DeclaredServer['launch'], { via: 'docker' | 'podman' }>

/** What an entry's image holds, read from the archive that `upkeep.yaml` names for it. No container engine is asked. */
export function resolveImage(
  launch: Launch,
  { images, ...ports }: ImagePorts & { memory: MemoryPort; images: Settings['images'] },
): Outcome {
  const archive = images?.find((one) => isSame(launch, one.reference))
  if (archive === undefined) return withoutArchive(launch)
  const read = imageContent(ports, archive.path)
  if ('state' in read) return read
  return { state: 'seen', facts: { ...identity(launch), ...copyOf(launch, archive.path, read) } }
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

function copyOf(
  launch: Launch,
  path: string,
  { content, bytesDigest }: { content: ImageContent; bytesDigest: string | null },
) {
  const { digests, components, system, problems } = content
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
    ...(system === undefined ? {} : { system }),
    problems,
  }
  const matched = launch.digest !== null && digests.includes(launch.digest)
  const why = matched
    ? 'the archive that upkeep.yaml names for the image, whose digest is the one that the entry pins'
    : `the archive that upkeep.yaml names for the image: that ${launch.via} would start this one is its owner's word`
  return { installed: [copy], wouldRun: 0, why }
}
