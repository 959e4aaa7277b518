import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MemoryPort } from '@upkeep/contract'
import { dockerSave, layoutTar, ociLayout, type Pack } from '@upkeep/lab/archives/image'
import type { TarPiece } from '@upkeep/lab/archives/write-tar'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { component, factsOf, look } from './testing/look.ts'
import { makeIndex, scriptOf } from './testing/small-index.ts'

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bundled-image-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function minified(version: '1.0.0' | '2.0.0'): Promise<string> {
  const stdin = { contents: scriptOf(version) }
  const out = await build({ stdin, bundle: true, minify: true, write: false, format: 'esm' })
  return out.outputFiles[0]?.text ?? ''
}

const evidence = { technique: 'manifest', confidence: 1, file: '', detail: '' } as const
const npm = (name: string, path: string) => component(name, { path, evidence })

function lookIn(bytes: Uint8Array, components = [npm('server', 'app')], more: Parameters<typeof look>[2] = {}) {
  const path = join(root, 'image.tar')
  writeFileSync(path, bytes)
  return look(path, components, { fingerprints: [makeIndex(join(root, 'pack'))], image: true, ...more })
}

const base: TarPiece[] = [{ path: 'etc/passwd', content: 'root' }]

describe('code inside bundles of an image', () => {
  test.each<Pack>(['plain', 'gzip', 'zstd'])('a bundle without node_modules, layers %s', async (pack) => {
    const layers = [base, [{ path: 'app/dist/index.js', content: await minified('2.0.0') }]]
    const layout = ociLayout(layers, pack)
    const [, second = ''] = [...layout.keys()]
    const { components, problems } = factsOf(await lookIn(layoutTar(layout)))
    expect(problems).toEqual([])
    expect(components).toMatchObject([
      { name: 'small', versions: ['2.0.0'], within: 'app', copy: join(root, 'image.tar') },
    ])
    expect(components[0]?.evidence).toMatchObject({ technique: 'fingerprint', file: 'app/dist/index.js' })
    expect(components[0]?.evidence.detail).toMatch(/^layer 2 of 2, sha256:[0-9a-f]{64}; /)
    expect(components[0]?.evidence.detail).toContain(second.slice('blobs/sha256/'.length))
  })

  test('what a later layer whites out or writes over is not there', async () => {
    const old = [
      { path: 'app/dist/index.js', content: await minified('1.0.0') },
      { path: 'app/dist/b.js', content: scriptOf('1.0.0') },
    ]
    const versions = async (upper: TarPiece[]) => {
      const facts = factsOf(await lookIn(dockerSave([old, upper])))
      return facts.components.map((one) => `${one.versions} ${one.evidence.file}`)
    }
    expect(await versions([{ path: 'app/dist/.wh..wh..opq' }])).toEqual([])
    expect(await versions([{ path: 'app/.wh.dist' }])).toEqual([])
    expect(await versions([{ path: 'app/dist/.wh.b.js' }])).toEqual(['1.0.0 app/dist/index.js'])
    const upgraded = [{ path: 'app/dist/.wh.b.js' }, { path: 'app/dist/index.js', content: await minified('2.0.0') }]
    expect(await versions(upgraded)).toEqual(['2.0.0 app/dist/index.js'])
  })

  test('a package under its own name is not taken for a bundle; the same code in another one is', async () => {
    const files = ['app/node_modules/small/index.js', 'app/node_modules/host/dist/chunk.js']
    const layer = files.map((path) => ({ path, content: scriptOf('1.0.0') }))
    const components = [npm('small', 'app/node_modules/small'), npm('host', 'app/node_modules/host')]
    const facts = factsOf(await lookIn(dockerSave([layer]), components))
    expect(facts.components.map((one) => one.within)).toEqual(['app/node_modules/host'])
  })

  test('what was worked out for an archive is not worked out again', async () => {
    const kept = new Map<string, string>()
    const memory: MemoryPort = {
      recall: (key) => kept.get(key) ?? null,
      remember: (key, value) => kept.set(key, value),
    }
    const bytes = dockerSave([[{ path: 'app/index.js', content: scriptOf('1.0.0') }]])
    const first = factsOf(await lookIn(bytes, undefined, { memory, digest: 'one' }))
    expect(first.components).toHaveLength(1)
    expect(factsOf(await lookIn(new Uint8Array(10), undefined, { memory, digest: 'one' }))).toEqual(first)
    const other = factsOf(await lookIn(new Uint8Array(10), undefined, { memory, digest: 'two' }))
    expect(other).toMatchObject({ components: [], problems: [expect.stringContaining('the image archive')] })
  })

  test('a script too large to look into is a problem', async () => {
    const layer = [{ path: 'app/huge.js', content: Buffer.alloc((16 << 20) + 1, 'x') }]
    expect(factsOf(await lookIn(dockerSave([layer]))).problems).toEqual([expect.stringContaining('app/huge.js')])
  })
})
