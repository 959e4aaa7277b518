import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { dockerSave, layoutTar, ociLayout } from '@upkeep/lab/archives/image'
import { type TarPiece, writeTar } from '@upkeep/lab/archives/write-tar'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { imageBounds, layerWords, readImage } from './read-image.ts'

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'image-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const ports = { archives, files: openFiles({ stateDir: null }).files }
const small = { archiveBytes: 4 << 20, layerBytes: 1 << 20, bytes: 3 << 20, entries: 1_000 }

function read(bytes: Uint8Array, bounds = small) {
  writeFileSync(join(root, 'image.tar'), bytes)
  const image = readImage(ports, join(root, 'image.tar'), (path) => path, bounds)
  expect(readdirSync(root)).toEqual(['image.tar'])
  return image
}

/** What docker save writes, with layers whose bytes are given as they are. */
function saved(layers: Record<string, Uint8Array>, order: readonly string[] = Object.keys(layers)): Uint8Array {
  const manifest = JSON.stringify([{ Config: 'c', RepoTags: null, Layers: order }])
  return writeTar([
    { path: 'manifest.json', content: manifest },
    ...Object.entries(layers).map(([path, content]) => ({ path, content })),
  ])
}

const zeros = (size: number): TarPiece[] => [{ path: 'big', content: Buffer.alloc(size) }]

describe('bounds of an image', () => {
  test.each([
    ['gzip', (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))],
    ['zstd', (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes))],
  ])('a layer in %s that swells past its bound is refused', (_name, pack) => {
    const bomb = pack(writeTar(zeros(2 << 20)))
    expect(bomb.length).toBeLessThan(10_000)
    expect(read(saved({ a: bomb }))).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('layer 1 of 1: it is larger than 1048576'),
    })
    expect(read(saved({ a: pack(writeTar(zeros(900_000))) }))).toMatchObject({ kept: [{ path: 'big' }] })
  })

  test('one layer named many times swells past the bound of all', () => {
    const layer = new Uint8Array(gzipSync(writeTar(zeros(900_000))))
    expect(read(saved({ a: layer }, ['a', 'a', 'a']))).toMatchObject({ kept: [{ layer: 2 }] })
    expect(read(saved({ a: layer }, ['a', 'a', 'a', 'a']))).toMatchObject({
      reason: expect.stringContaining('layer 4 of 4: it is larger than'),
    })
    const order = Array.from({ length: 501 }, () => 'a')
    expect(read(saved({ a: layer }, order))).toMatchObject({ reason: expect.stringContaining('more than 500 layers') })
  })

  test('an archive that swells as a whole, and one that is too large as it lies', () => {
    const whole = saved({ a: writeTar(zeros(5 << 20)) })
    expect(read(new Uint8Array(gzipSync(whole)))).toMatchObject({ reason: expect.stringContaining('once unpacked') })
    expect(read(whole)).toMatchObject({ code: 'too-large' })
  })

  test('more entries than are followed, in one layer or over all', () => {
    const many = (count: number) => writeTar(Array.from({ length: count }, (_, index) => ({ path: `f${index}` })))
    expect(read(saved({ a: many(1_001) }))).toMatchObject({ reason: expect.stringContaining('more than 1000 entries') })
    expect(read(saved({ a: many(600), b: many(600) }))).toMatchObject({
      reason: expect.stringContaining('layer 2 of 2: it has more than 400 entries'),
    })
  })

  test('a hundred thousand entries are laid over each other in seconds', { timeout: 20_000 }, () => {
    const pieces = (from: number) =>
      Array.from({ length: 50_000 }, (_, index) => ({ path: `d${index % 500}/f${from + index}` }))
    const image = read(dockerSave([pieces(0), [{ path: 'd1/.wh..wh..opq' }, ...pieces(25_000)]]), imageBounds)
    // Of the lower 100 files of d1 the upper layer repeats 50: 75,000 paths in all, less the 50 that only the lower one has there.
    expect('kept' in image && image.kept.length).toBe(74_950)
  })
})

describe('where layers are said to lie', () => {
  test.each([
    ['upwards', '../../../etc/passwd'],
    ['absolute', '/etc/passwd'],
    ['nowhere', 'none/layer.tar'],
  ])('%s: refused', (_name, path) => {
    expect(read(saved({}, [path]))).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('it is not in the archive'),
    })
  })

  test('each layer is named by the digest of its bytes, with and without a layout', () => {
    const layers = [[{ path: 'a', content: 'x' }], [{ path: 'b', content: 'y' }]]
    const blobs = [...ociLayout(layers).keys()].map((path) => path.replace('blobs/sha256/', ''))
    const image = read(layoutTar(ociLayout(layers)))
    if (!('kept' in image)) throw new Error(image.reason)
    expect(image.layers).toEqual(blobs.slice(0, 2))
    expect(layerWords(image.layers, 1)).toBe(`layer 2 of 2, sha256:${blobs[1]}`)
    expect(read(dockerSave(layers))).toMatchObject({
      layers: layers.map((pieces) => archives.sha256(writeTar(pieces))),
    })
  })
})
