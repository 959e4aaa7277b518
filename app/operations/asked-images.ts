import { dirname, resolve } from 'node:path'
import { type ChangeInput, UserError } from '@upkeep/contract'
import type { FilesPort } from '@upkeep/contract/ports'
import { utf8Text } from '@upkeep/domain/archives/byte-text'
import { titleWords } from '@upkeep/domain/changes/input-words'
import { maxBytesOf } from '@upkeep/domain/client-formats/parse-text'
import { type ImageReference, imagePlaces } from '@upkeep/domain/image-references/image-places'
import { imageDigest } from '@upkeep/domain/images/read-image'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import type { Context } from './context.ts'

/** What is asked of images in Compose files and manifests. */
export interface AskedImages {
  readonly what: readonly string[]
  readonly image?: string | undefined
  readonly to?: string | undefined
}

const digestForm = /^sha256:[0-9a-f]{64}$/

/**
 * The changes that name the images of files by their digests: by the one that was given, else by that of the archive of the image which
 * `upkeep.yaml` names. What has none is left out, and that is said.
 */
export async function askedImages(context: Context, { ports }: ChangeWorld, asked: AskedImages) {
  if (asked.to !== undefined && !digestForm.test(asked.to))
    throw new UserError('bad-input', 'That is no digest of an image.', 'Give one such as --to sha256:<64 hex digits>.')
  const said: string[] = []
  const inputs = asked.what.flatMap((word) => {
    const path = resolve(context.machine.cwd, word)
    const found = referencesIn(ports.files, path).filter(
      ({ image }) => asked.image === undefined || image === asked.image,
    )
    const images = Map.groupBy(found, ({ image }) => image)
    if (asked.to !== undefined && images.size > 1)
      throw new UserError('ambiguous', `${path} names ${images.size} images.`, 'Name one of them with --image.')
    return [...images].flatMap(([image, references]): ChangeInput[] => {
      const to = asked.to ?? digestFor(context, ports, image)
      if (typeof to !== 'string') {
        said.push(`left out: ${image}: ${to.why}`)
        return []
      }
      // Those that bear it already are no reason to refuse the others.
      const froms = new Set(references.map(({ digest }) => digest).filter((digest) => digest !== to))
      // Where all bear it, the plan comes to nothing, and that is said.
      return (froms.size === 0 ? [to] : [...froms]).map((from) => ({ kind: 'set-image-digest', path, image, from, to }))
    })
  })
  const [first] = inputs
  if (first === undefined) throw nothing(asked, said)
  const title = inputs.length === 1 ? titleWords(first, '') : `name ${inputs.length} images by their digests`
  return { inputs, title, closes: [], said }
}

function nothing({ image }: AskedImages, said: readonly string[]): UserError {
  const why =
    said.length > 0 ? `${said.slice(0, 5).join('; ')}.` : `${image ?? 'No image'} is to be named by a digest there.`
  return new UserError(
    'change-impossible',
    why,
    'Give the digest with --to sha256:…, or name an archive of the image under "images" in upkeep.yaml.',
  )
}

function referencesIn(files: FilesPort, path: string): ImageReference[] {
  const read = files.read(path, maxBytesOf.yaml)
  if (read.state !== 'present') throw unreadable(path, read.state === 'absent' ? 'it is not there' : read.reason)
  const places = imagePlaces(utf8Text(read.bytes))
  if ('state' in places) throw unreadable(path, places.reason)
  return places.flatMap(({ reference }) => reference ?? [])
}

function unreadable(path: string, why: string): UserError {
  return new UserError(
    'bad-input',
    `${path} cannot be read as a Compose file or manifest: ${why}.`,
    'Name another file.',
  )
}

/** The digest of the archive that `upkeep.yaml` names for an image. */
function digestFor(context: Context, ports: ChangeWorld['ports'], image: string): string | { why: string } {
  const { upkeepFile, upkeepFilePath, machine } = context
  const archive = upkeepFile.images.find(({ reference }) => reference === image)
  if (archive === undefined) return { why: 'upkeep.yaml names no archive of it under "images"' }
  // Paths in the file are relative to the file, as its reader expects.
  const base = upkeepFilePath === null ? machine.cwd : dirname(upkeepFilePath)
  const digest = imageDigest(ports, resolve(base, archive.path))
  return typeof digest === 'string' ? digest : { why: digest.reason }
}
