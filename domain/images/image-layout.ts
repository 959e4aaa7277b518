import { utf8Text } from '../archives/byte-text.ts'
import { type ImageStart, imageStart } from './image-start.ts'

/** One layer of an image: where its bytes lie in the archive, and what they must hash to. */
export interface ImageLayer {
  path: string
  /** Hex digits of the SHA-256 of the bytes as they lie there; null where the archive states none. */
  sha256: string | null
}

/** An image in an archive, lowest layer first. */
export interface ArchivedImage {
  /** The digests that lead to it, `sha256:…`: of its manifest, and of an index of platforms above that. Empty where the archive has none. */
  digests: string[]
  layers: ImageLayer[]
  start: ImageStart
}

/** Reads a file of the archive; null when it is not there. */
export type ReadBlob = (path: string) => Uint8Array | null

const maxLayers = 500
const maxManifests = 100
const maxDocument = 4 << 20
const digestForm = /^sha256:([0-9a-f]{64})$/

/**
 * The image that an OCI layout or an archive of `docker save` holds. Text: why none can be read. Of an index of platforms the one for
 * Linux on the given architecture counts.
 */
export function archivedImage(read: ReadBlob, architecture: string): ArchivedImage | string {
  const index = documentAt(read, 'index.json')
  if (index !== null && documentAt(read, 'oci-layout') !== null) return fromIndex(read, index, architecture)
  const saved = documentAt(read, 'manifest.json')
  if (saved === null) return 'it is neither an OCI layout nor what docker save writes'
  return fromSaved(read, saved)
}

function fromSaved(read: ReadBlob, saved: unknown): ArchivedImage | string {
  const images = Array.isArray(saved) ? saved : []
  if (images.length !== 1) return `it holds ${images.length} images: save one image per archive`
  const layers = listIn(images[0], 'Layers').filter((path) => typeof path === 'string')
  if (layers.length > maxLayers) return `it has more than ${maxLayers} layers`
  const config = textIn(images[0], 'Config')
  return {
    digests: [],
    start: imageStart(config === null ? null : documentAt(read, config)),
    layers: layers.map((path) => ({ path, sha256: /^blobs\/sha256\/([0-9a-f]{64})$/.exec(path)?.[1] ?? null })),
  }
}

function fromIndex(read: ReadBlob, index: unknown, architecture: string): ArchivedImage | string {
  let descriptor: unknown = theOne(listIn(index, 'manifests'), architecture)
  const digests: string[] = []
  for (let depth = 0; depth < 3; depth++) {
    const hex = hexOf(descriptor)
    if (hex === null) return 'its index names no image that can be told'
    digests.push(`sha256:${hex}`)
    const document = documentAt(read, `blobs/sha256/${hex}`)
    if (document === null) return 'its manifest is not in it'
    const inner = listIn(document, 'manifests')
    if (inner.length === 0) return fromManifest(read, document, digests)
    descriptor = theOne(inner, architecture)
  }
  return 'its index leads too deep'
}

function fromManifest(read: ReadBlob, manifest: unknown, digests: string[]): ArchivedImage | string {
  const layers = listIn(manifest, 'layers').map(hexOf)
  if (layers.length > maxLayers) return `it has more than ${maxLayers} layers`
  const known = layers.filter((layer) => layer !== null)
  if (known.length === 0 || known.length !== layers.length) return 'its manifest names no layers that can be read'
  const config = hexOf(fieldOf(manifest, 'config'))
  const start = imageStart(config === null ? null : documentAt(read, `blobs/sha256/${config}`))
  return { digests, start, layers: known.map((layer) => ({ path: `blobs/sha256/${layer}`, sha256: layer })) }
}

/** The only image, or the one for the platform; attestations beside it are none. */
function theOne(manifests: readonly unknown[], architecture: string): unknown {
  const images = manifests.slice(0, maxManifests).filter((one) => textIn(fieldOf(one, 'platform'), 'os') !== 'unknown')
  if (images.length === 1) return images[0]
  const fitting = images.filter(
    (one) =>
      textIn(fieldOf(one, 'platform'), 'os') === 'linux' &&
      textIn(fieldOf(one, 'platform'), 'architecture') === architecture,
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

function hexOf(descriptor: unknown): string | null {
  return digestForm.exec(textIn(descriptor, 'digest') ?? '')?.[1] ?? null
}

function documentAt(read: ReadBlob, path: string): unknown {
  const bytes = read(path)
  if (bytes === null || bytes.length > maxDocument) return null
  try {
    return JSON.parse(utf8Text(bytes))
  } catch {
    return null
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function listIn(value: unknown, name: string): unknown[] {
  const list = fieldOf(value, name)
  return Array.isArray(list) ? list : []
}

function textIn(value: unknown, name: string): string | null {
  const text = fieldOf(value, name)
  return typeof text === 'string' ? text : null
}
