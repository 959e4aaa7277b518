import { type Component, Installation } from '@upkeep/contract/observations/resolved-package'
import type { MemoryPort, Refusal } from '@upkeep/contract/ports'
import { imageComponents } from '@upkeep/domain/images/image-components'
import type { ImageSystem } from '@upkeep/domain/images/image-system'
import { keptFile } from '@upkeep/domain/images/kept-file'
import { type ImagePorts, imageBounds, layerWords, readImage } from '@upkeep/domain/images/read-image'
import { z } from 'zod'

/** What an image holds, and what of it could not be read. */
export interface ImageContent {
  digests: string[]
  components: Component[]
  system?: ImageSystem | undefined
  problems: string[]
}

/** Another way of reading finds other things. */
const way = 2
const maxProblems = 100

const Kept = z.object({
  digests: z.array(z.string()),
  ...Installation.pick({ components: true, system: true, problems: true }).shape,
})

/** Reads an image's archive; its content is remembered by the digest of every byte of the archive, since reading it takes seconds. */
export function imageContent(
  ports: ImagePorts & { memory: MemoryPort },
  path: string,
): { content: ImageContent; bytesDigest: string | null } | Refusal {
  const bytesDigest = digestOfArchive(ports, path)
  const key = bytesDigest === null ? null : `image:${way}:${bytesDigest}`
  const known = key === null ? null : parsed(ports.memory.recall(key))
  if (known !== null) return { content: known, bytesDigest }
  const content = readContent(ports, path)
  if ('state' in content) return content
  if (key !== null) ports.memory.remember(key, JSON.stringify(content))
  return { content, bytesDigest }
}

function readContent(ports: ImagePorts, path: string): ImageContent | Refusal {
  const image = readImage(ports, path, keptFile)
  if ('state' in image) return image
  const found = imageComponents(image.kept, (layer) => layerWords(image.layers, layer))
  const problems = [...image.problems, ...found.problems].slice(0, maxProblems)
  return { ...found, digests: image.digests, problems }
}

/** Over every byte of the archive; null where it cannot be read whole. */
function digestOfArchive({ files }: ImagePorts, path: string): string | null {
  const bytes = files.digestTree(path, { except: [], maxFiles: 10_000, maxBytes: 2 * imageBounds.archiveBytes })
  return bytes.state === 'present' && bytes.problems.length === 0 ? bytes.digest : null
}

function parsed(text: string | null): ImageContent | null {
  if (text === null) return null
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
