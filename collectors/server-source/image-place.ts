import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Installation } from '@upkeep/contract/observations/resolved-package'
import type { Refusal } from '@upkeep/contract/ports'
import { type ImageFiles, openImage } from '@upkeep/domain/images/image-files'
import type { ImageStart } from '@upkeep/domain/images/image-start'
import type { ImagePorts } from '@upkeep/domain/images/read-image'
import type { CopyPlace } from './copy-places.ts'
import { imageEntry, isOfEntry } from './image-entry.ts'

/** The own code of the server in an image: where it lies, the files to read it from, and what of the image could not be read. */
export interface ImagePlace {
  place: CopyPlace
  files: ImageFiles
  problems: readonly string[]
}

/** Opens an image's archive and finds the code that a container of it starts, as the entry starts it. */
export function imagePlace(ports: ImagePorts, copy: Installation, server: DeclaredServer): ImagePlace | Refusal {
  const image = openImage(ports, copy.root, isOfEntry)
  if ('state' in image) return image
  const words = wordsOf(server, image.start)
  const entry = typeof words === 'string' ? { why: words } : imageEntry(image, words, image.start.folder)
  if ('why' in entry) return { state: 'unavailable', code: 'not-supported', reason: entry.why }
  const digest = copy.digest
  return {
    place: { root: copy.root, version: copy.version, digest, ...entry },
    files: image.files,
    problems: image.problems,
  }
}

/** The command line: what the entry names after the image takes the place of the image's own words. Text: why it is not known. */
export function wordsOf(
  { args, launch }: Pick<DeclaredServer, 'args' | 'launch'>,
  start: ImageStart,
): string[] | string {
  if (launch.via !== 'docker' && launch.via !== 'podman') return 'the entry starts no container'
  const texts = args.map((arg) => (arg.kind === 'plain' ? arg.text : ''))
  const changes = /^(?:--entrypoint|--workdir|-w)(?:=|$)/
  if (
    texts.some((text) => changes.test(text)) ||
    args.some((arg) => arg.kind === 'hidden' && changes.test(arg.prefix ?? ''))
  )
    return 'the entry starts it in another way than the image says'
  const at = texts.findIndex((text) => text !== '' && imageOf(text) === imageOf(referenceOf(launch)))
  const own = at < 0 ? [] : texts.slice(at + 1)
  const words = [...start.entrypoint, ...(own.length > 0 ? own : start.command)]
  return words.includes('') && start.entrypoint.length === 0 ? 'what the entry starts in it is hidden' : words
}

function referenceOf({ image, tag, digest }: Extract<DeclaredServer['launch'], { image: string }>): string {
  return `${image}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`
}

/** The name without a tag or digest. */
function imageOf(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^/]*$/, '')
}
