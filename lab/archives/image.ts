import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type TarPiece, writeTar } from './write-tar.ts'

export type Pack = 'plain' | 'gzip' | 'zstd'

/** What a container of the image starts. */
export interface Start {
  Entrypoint?: readonly string[]
  Cmd?: readonly string[]
  WorkingDir?: string
}

/** The files of an OCI layout, by path: one image of these layers, lowest first. */
export function ociLayout(
  layers: readonly (readonly TarPiece[])[],
  pack: Pack = 'gzip',
  start: Start = {},
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const blob = (bytes: Uint8Array) => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    files.set(`blobs/sha256/${hex}`, bytes)
    return { digest: `sha256:${hex}`, size: bytes.length }
  }
  const described = layers.map((pieces) => ({
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    ...blob(packed(writeTar(pieces), pack)),
  }))
  const config = blob(
    json({ architecture: 'amd64', os: 'linux', config: start, rootfs: { type: 'layers', diff_ids: [] } }),
  )
  const manifest = blob(json({ schemaVersion: 2, config, layers: described }))
  files.set('oci-layout', json({ imageLayoutVersion: '1.0.0' }))
  files.set('index.json', json({ schemaVersion: 2, manifests: [manifest] }))
  return files
}

/** The digest of the manifest that a layout's index names. */
export function manifestDigest(layout: ReadonlyMap<string, Uint8Array>): string {
  const index: { manifests: { digest: string }[] } = JSON.parse(
    Buffer.from(layout.get('index.json') ?? []).toString('utf8'),
  )
  return index.manifests[0]?.digest ?? ''
}

/** What an older `docker save` writes: a tar with one tar per layer. */
export function dockerSave(layers: readonly (readonly TarPiece[])[], start: Start = {}): Uint8Array {
  const names = layers.map((_pieces, index) => `${String(index).repeat(64)}/layer.tar`)
  const manifest = [{ Config: 'config.json', RepoTags: ['x:1'], Layers: names }]
  return writeTar([
    { path: 'manifest.json', content: json(manifest) },
    { path: 'config.json', content: json({ architecture: 'amd64', os: 'linux', config: start }) },
    ...layers.map((pieces, index) => ({ path: names[index] ?? '', content: writeTar(pieces) })),
  ])
}

/** Writes the files of a layout below a folder. */
export function writeLayout(folder: string, layout: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of layout) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

/** The same layout as one tar. */
export function layoutTar(layout: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return writeTar([...layout].map(([path, content]) => ({ path, content })))
}

function packed(bytes: Uint8Array, pack: Pack): Uint8Array {
  if (pack === 'plain') return bytes
  return new Uint8Array(pack === 'gzip' ? gzipSync(bytes) : zstdCompressSync(bytes))
}

function json(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(value)))
}
