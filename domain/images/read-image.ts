import type { ArchivesPort, FilesPort, Refusal } from '@upkeep/contract/ports'
import { entryPath, readTar, type TarEntry } from '../archives/tar.ts'
import { type ArchivedImage, archivedImage, type ImageLayer, type ReadBlob } from './image-layout.ts'
import type { ImageStart } from './image-start.ts'
import { imageTree } from './image-tree.ts'

/** Bounds of one image: past them it is refused, since half of a file system says nothing. */
export interface ImageBounds {
  archiveBytes: number
  layerBytes: number
  /** Over all layers: a manifest may name one small layer that swells five hundred times. */
  bytes: number
  entries: number
}

/** Bounds that images of servers stay far below. */
export const imageBounds: ImageBounds = {
  archiveBytes: 768 << 20,
  layerBytes: 1 << 30,
  bytes: 4 * (1 << 30),
  entries: 1_500_000,
}

/** The ports that reading an image takes. */
export interface ImagePorts {
  files: FilesPort
  archives: ArchivesPort
}

/** What was kept of an image's files once all layers are in place, and what of it could not be followed. */
export interface ReadImage<Kept> {
  /** The digests that lead to it, `sha256:…`; empty where the archive has none. */
  digests: string[]
  /** The digest of each layer as it lies in the archive, lowest first. */
  layers: string[]
  kept: { path: string; layer: number; value: Kept }[]
  /** What a container of it starts. */
  start: ImageStart
  problems: string[]
}

/** Says what of a file of an image is worth keeping. */
export type Keep<Kept> = (path: string, entry: TarEntry) => Kept | null

/** Reads an image from an archive or a layout folder, layer by layer, in memory. Nothing of it is written anywhere or run. */
export function readImage<Kept>(
  ports: ImagePorts,
  path: string,
  keep: Keep<Kept>,
  bounds: ImageBounds = imageBounds,
): ReadImage<Kept> | Refusal {
  const read = openArchive(ports, path, bounds)
  if (typeof read !== 'function') return read
  const image = archivedImage(read, ports.archives.architecture)
  return typeof image === 'string' ? malformed(image) : contentOf(ports, image, { read, keep, bounds })
}

/** A layer in a few words: where it lies, and its digest. */
export function layerWords(layers: readonly string[], layer: number): string {
  return `layer ${layer + 1} of ${layers.length}, sha256:${layers[layer] ?? ''}`
}

/**
 * The digest by which a registry would serve the image of an archive: that of its index of platforms, or of its manifest. Refused where the
 * archive states none, as those of `docker save` do, or holds other bytes than it states.
 */
export function imageDigest(ports: ImagePorts, path: string): string | Refusal {
  const read = openArchive(ports, path, imageBounds)
  if (typeof read !== 'function') return read
  const image = archivedImage(read, ports.archives.architecture)
  if (typeof image === 'string') return malformed(image)
  const [digest] = image.digests
  if (digest === undefined) return malformed('it states no digest, as those of docker save do not')
  const bytes = read(`blobs/sha256/${digest.slice('sha256:'.length)}`)
  const same = bytes !== null && `sha256:${ports.archives.sha256(bytes)}` === digest
  return same ? digest : malformed('its manifest is not the bytes that its digest names')
}

function malformed(reason: string): Refusal {
  return { state: 'unavailable', code: 'malformed', reason: `the image archive: ${reason}` }
}

function openArchive({ files, archives }: ImagePorts, path: string, bounds: ImageBounds): ReadBlob | Refusal {
  const root = files.resolve(path)
  if (root.state !== 'present') return root.state === 'absent' ? malformed('it is not there') : root
  const facts = files.inspect(root.path)
  if (facts.state === 'present' && facts.type === 'folder')
    return (name) => blobIn(files, root.path, { name, maxBytes: bounds.archiveBytes })
  const whole = files.read(root.path, bounds.archiveBytes)
  if (whole.state !== 'present') return whole.state === 'absent' ? malformed('it is not there') : whole
  const unpacked = archives.unpack(whole.bytes, bounds.archiveBytes)
  if (unpacked.state !== 'present') return malformed(unpacked.reason)
  const { entries, problem } = readTar(unpacked.bytes, bounds.entries)
  if (problem !== null) return malformed(problem)
  const byPath = new Map<string, Uint8Array>()
  for (const entry of entries) {
    const name = entryPath(entry.path)
    if (name !== null && entry.type === 'file') byPath.set(name, entry.bytes)
  }
  return (name) => byPath.get(name) ?? null
}

/** A link in a layout that leads out of it is not followed. */
function blobIn(
  files: FilesPort,
  root: string,
  { name, maxBytes }: { name: string; maxBytes: number },
): Uint8Array | null {
  const inside = entryPath(name)
  const real = inside === null ? null : files.resolve(`${root}/${inside}`)
  if (real?.state !== 'present' || !real.path.startsWith(`${root}/`)) return null
  const read = files.read(real.path, maxBytes)
  return read.state === 'present' ? read.bytes : null
}

/** What may still be unpacked and placed. */
type Room = Pick<ImageBounds, 'layerBytes' | 'bytes' | 'entries'>

function contentOf<Kept>(
  { archives }: ImagePorts,
  image: ArchivedImage,
  { read, keep, bounds }: { read: ReadBlob; keep: Keep<Kept>; bounds: ImageBounds },
): ReadImage<Kept> | Refusal {
  const tree = imageTree<Kept>()
  const problems: string[] = []
  const layers: string[] = []
  const room: Room = { ...bounds }
  for (const [index, layer] of image.layers.entries()) {
    const opened = openLayer(archives, layer, { read, room })
    if (typeof opened === 'string') return malformed(`layer ${index + 1} of ${image.layers.length}: ${opened}`)
    layers.push(opened.sha256)
    problems.push(...tree.add(opened.entries, keep).map((why) => `layer ${index + 1}: ${why}`))
  }
  return { digests: image.digests, layers, kept: tree.kept(), start: image.start, problems }
}

function openLayer(
  archives: ArchivesPort,
  layer: ImageLayer,
  { read, room }: { read: ReadBlob; room: Room },
): { sha256: string; entries: TarEntry[] } | string {
  const bytes = read(layer.path)
  if (bytes === null) return 'it is not in the archive'
  const sha256 = archives.sha256(bytes)
  // In an archive of docker save with a layout beside it, the name is the hash as well.
  if (layer.sha256 !== null && sha256 !== layer.sha256) return 'its bytes are not those that its digest names'
  const unpacked = archives.unpack(bytes, Math.min(room.layerBytes, room.bytes))
  if (unpacked.state !== 'present') return unpacked.reason
  const { entries, problem } = readTar(unpacked.bytes, room.entries)
  room.bytes -= unpacked.bytes.length
  room.entries -= entries.length
  return problem ?? { sha256, entries }
}
