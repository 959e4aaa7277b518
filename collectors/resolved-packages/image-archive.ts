import type { Component } from '@upkeep/contract/observations/resolved-package'
import type { FilesPort, Refusal } from '@upkeep/contract/ports'
import { entryPath, readTar } from '@upkeep/domain/archives/tar'
import { imageComponents } from '@upkeep/domain/images/image-components'
import { type ArchivedImage, archivedImage, type ImageLayer, type ReadBlob } from '@upkeep/domain/images/image-layout'
import { imageTree } from '@upkeep/domain/images/image-tree'
import { type KeptFile, keptFile } from '@upkeep/domain/images/kept-file'
import { sha256Of, unpacked } from './unpacked.ts'

/** Bounds of one image: past them it is refused, since half of a file system says nothing. */
export const imageBounds = {
  archiveBytes: 768 << 20,
  layerBytes: 1 << 30,
  entries: 1_000_000,
}

/** What an image holds, and what of it could not be read. */
export interface ImageContent {
  digests: string[]
  layers: number
  components: Component[]
  problems: string[]
}

const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
const maxProblems = 100

/** Reads an image from an archive or a layout folder, layer by layer, in memory. Nothing of it is written anywhere or run. */
export function readImageArchive(files: FilesPort, path: string): ImageContent | Refusal {
  const read = openArchive(files, path)
  if (typeof read !== 'function') return read
  const image = archivedImage(read, architecture)
  return typeof image === 'string' ? malformed(image) : contentOf(image, read)
}

function malformed(reason: string): Refusal {
  return { state: 'unavailable', code: 'malformed', reason: `the image archive: ${reason}` }
}

function openArchive(files: FilesPort, path: string): ReadBlob | Refusal {
  const root = files.resolve(path)
  if (root.state !== 'present') return root.state === 'absent' ? malformed('it is not there') : root
  const facts = files.inspect(root.path)
  if (facts.state === 'present' && facts.type === 'folder') return (name) => blobIn(files, root.path, name)
  const whole = files.read(root.path, imageBounds.archiveBytes)
  if (whole.state !== 'present') return whole.state === 'absent' ? malformed('it is not there') : whole
  const bytes = unpacked(whole.bytes, imageBounds.archiveBytes)
  if (typeof bytes === 'string') return malformed(bytes)
  const { entries, problem } = readTar(bytes, imageBounds.entries)
  if (problem !== null) return malformed(problem)
  const byPath = new Map<string, Uint8Array>()
  for (const entry of entries) {
    const name = entryPath(entry.path)
    if (name !== null && entry.type === 'file') byPath.set(name, entry.bytes)
  }
  return (name) => byPath.get(name) ?? null
}

/** A link in a layout that leads out of it is not followed. */
function blobIn(files: FilesPort, root: string, name: string): Uint8Array | null {
  const inside = entryPath(name)
  const real = inside === null ? null : files.resolve(`${root}/${inside}`)
  if (real?.state !== 'present' || !real.path.startsWith(`${root}/`)) return null
  const read = files.read(real.path, imageBounds.archiveBytes)
  return read.state === 'present' ? read.bytes : null
}

function contentOf(image: ArchivedImage, read: ReadBlob): ImageContent | Refusal {
  const tree = imageTree<KeptFile>()
  const problems: string[] = []
  for (const [index, layer] of image.layers.entries()) {
    const bytes = layerBytes(layer, read)
    if (typeof bytes === 'string') return malformed(`layer ${index + 1} of ${image.layers.length}: ${bytes}`)
    const { entries, problem } = readTar(bytes, imageBounds.entries)
    if (problem !== null) return malformed(`layer ${index + 1} of ${image.layers.length}: ${problem}`)
    const refused = tree.add(entries, keptFile)
    problems.push(...refused.map((why) => `layer ${index + 1}: ${why}`))
  }
  const found = imageComponents(tree.kept(), image.layers.length)
  return {
    digests: image.digests,
    layers: image.layers.length,
    components: found.components,
    problems: [...problems, ...found.problems].slice(0, maxProblems),
  }
}

function layerBytes({ path, sha256 }: ImageLayer, read: ReadBlob): Uint8Array | string {
  const bytes = read(path)
  if (bytes === null) return 'it is not in the archive'
  // In an archive of docker save with a layout beside it, the name is the hash as well.
  if (sha256 !== null && sha256Of(bytes) !== sha256) return 'its bytes are not those that its digest names'
  return unpacked(bytes, imageBounds.layerBytes)
}
