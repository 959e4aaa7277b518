import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { goBinary } from '@upkeep/lab/archives/go-binary'
import { dockerSave, layoutTar, manifestDigest, ociLayout, type Pack, writeLayout } from '@upkeep/lab/archives/image'
import type { TarPiece } from '@upkeep/lab/archives/write-tar'
import { describe, expect, test } from 'vitest'
import { factsOf, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()

function docker(
  image = 'acme/server',
  tag: string | null = '1.2',
  digest: string | null = null,
): DeclaredServer['launch'] {
  return { via: 'docker', image, tag, digest, pinned: digest !== null }
}

function npmPackage(path: string, name: string, version: string): TarPiece {
  return { path: `${path}/package.json`, content: JSON.stringify({ name, version }) }
}

const alpine: TarPiece[] = [
  { path: 'lib/apk/db/installed', content: 'P:musl\nV:1.2.4-r2\nA:x86_64\n\nP:openssl\nV:3.1.4-r1\n\n' },
]
const debian: TarPiece[] = [
  {
    path: 'var/lib/dpkg/status',
    content:
      'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n',
  },
  { path: 'var/lib/dpkg/status.d/tzdata', content: 'Package: tzdata\nVersion: 2024a-0\n' },
]
const app: TarPiece[] = [
  npmPackage('app', 'server', '1.0.0'),
  npmPackage('app/node_modules/express', 'express', '4.17.0'),
  npmPackage('app/node_modules/@acme/tool', '@acme/tool', '2.0.0'),
  { path: 'app/node_modules/express/lib/package.json', content: '{"type":"module"}' },
  { path: 'usr/lib/python3/site-packages/mcp-1.9.0.dist-info/METADATA', content: 'Name: mcp\nVersion: 1.9.0\n\n' },
]

async function inside(bytes: Uint8Array, launch = docker(), reference = 'acme/server:1.2') {
  writeFileSync(join(home.path, 'image.tar'), bytes)
  const seen = await home.collect(launch, {}, {}, { images: [{ reference, path: join(home.path, 'image.tar') }] })
  return seen
}

function names(facts: ReturnType<typeof factsOf>): string[] {
  return facts.installed.flatMap((copy) => copy.components.map((one) => `${one.ecosystem} ${one.name} ${one.version}`))
}

describe('an image whose archive is at hand', () => {
  const all = [
    'npm @acme/tool 2.0.0',
    'npm express 4.17.0',
    'npm server 1.0.0',
    'apk musl 1.2.4-r2',
    'apk openssl 3.1.4-r1',
    'PyPI mcp 1.9.0',
    'deb libc6 2.36-9',
    'deb tzdata 2024a-0',
  ]

  test.each<Pack>(['plain', 'gzip', 'zstd'])('an OCI layout as a tar, layers %s', async (pack) => {
    const facts = factsOf(await inside(layoutTar(ociLayout([[...alpine, ...debian], app], pack))))
    expect(names(facts)).toEqual(all)
    expect(facts).toMatchObject({ wouldRun: 0, installed: [{ where: 'image', problems: [] }] })
    expect(facts.installed[0]?.components[1]?.evidence).toEqual({
      technique: 'manifest',
      confidence: 1,
      file: 'app/node_modules/express/package.json',
      detail: expect.stringMatching(/^layer 2 of 2, sha256:[0-9a-f]{64}$/),
    })
  })

  test('what docker save writes, and the same packed', async () => {
    const saved = dockerSave([[...alpine, ...debian], app])
    expect(names(factsOf(await inside(saved)))).toEqual(all)
    expect(names(factsOf(await inside(new Uint8Array(gzipSync(saved)))))).toEqual(all)
  })

  test('an OCI layout as a folder, from which no link leads out', async () => {
    const layout = ociLayout([app])
    const folder = join(home.path, 'layout')
    writeLayout(folder, layout)
    const images = [{ reference: 'acme/server:1.2', path: folder }]
    expect(names(factsOf(await home.collect(docker(), {}, {}, { images })))).toContain('npm express 4.17.0')
    const [layer] = [...layout.keys()]
    mkdirSync(join(home.path, 'elsewhere'))
    writeFileSync(join(home.path, 'elsewhere/blob'), layout.get(layer ?? '') ?? '')
    rmSync(join(folder, layer ?? ''))
    symlinkSync(join(home.path, 'elsewhere/blob'), join(folder, layer ?? ''))
    expect(await home.collect(docker(), {}, {}, { images })).toMatchObject({ state: 'unavailable', code: 'malformed' })
  })

  test('a vulnerable layer that is whited out is not there', async () => {
    const fixed = [
      { path: 'app/node_modules/.wh.express' },
      npmPackage('app/node_modules/express5', 'express', '5.1.0'),
    ]
    expect(names(factsOf(await inside(layoutTar(ociLayout([app, fixed])))))).not.toContain('npm express 4.17.0')
    const opaque = [
      { path: 'app/node_modules/.wh..wh..opq' },
      npmPackage('app/node_modules/express', 'express', '5.1.0'),
    ]
    const npm = names(factsOf(await inside(dockerSave([app, opaque])))).filter((one) => one.startsWith('npm'))
    expect(npm).toEqual(['npm express 5.1.0', 'npm server 1.0.0'])
  })

  test('a Go server in an image without a distribution lists its modules', async () => {
    const text =
      'path\texample.com/server\nmod\texample.com/server\tv1.0.0\t\ndep\tgithub.com/mark3labs/mcp-go\tv0.30.0\th1:x=\n'
    const server: TarPiece = { path: 'server', content: goBinary({ go: 'go1.22.1', text }), mode: 0o755 }
    const facts = factsOf(await inside(layoutTar(ociLayout([[server, { path: 'etc/passwd', content: 'root' }]]))))
    expect(names(facts)).toEqual([
      'Go stdlib 1.22.1',
      'Go example.com/server v1.0.0',
      'Go github.com/mark3labs/mcp-go v0.30.0',
    ])
    expect(facts.installed[0]?.components[0]?.evidence).toMatchObject({ technique: 'build-info', file: 'server' })
  })
})

describe('which image it is', () => {
  const layout = ociLayout([app])
  const tar = layoutTar(layout)
  const digest = manifestDigest(layout)

  test.each([
    ['the tag latest goes without saying', docker('server', null), 'docker.io/library/server:latest', 0],
    ['a pinned digest that the archive has', docker('acme/server', null, digest), `acme/server@${digest}`, 0],
    ['another digest', docker('acme/server', null, `sha256:${'0'.repeat(64)}`), 'acme/server', null],
    ['another tag', docker('acme/server', '1.3'), 'acme/server:1.2', null],
    ['another name', docker('acme/other'), 'acme/server:1.2', null],
  ])('%s', async (_name, launch, reference, wouldRun) => {
    const facts = factsOf(await inside(tar, launch, reference))
    expect(facts.wouldRun).toBe(wouldRun)
    expect(facts.installed).toHaveLength(wouldRun === null ? 0 : 1)
  })
})

describe('a hostile archive', () => {
  const layout = ociLayout([app])
  const [layer = ''] = [...layout.keys()]
  const whole = layoutTar(layout)
  const swapped = new Map(layout).set(layer, new Uint8Array(gzipSync(layoutTar(ociLayout([alpine])))))
  const cut = new Map(layout).set(layer, (layout.get(layer) ?? new Uint8Array()).slice(0, 60))
  const without = new Map([...layout].filter(([path]) => path !== layer))

  test.each([
    ['cut off', whole.slice(0, whole.length - 4_000), 'it ends in the middle'],
    ['with a layer that is not the one named', layoutTar(swapped), 'not those that its digest names'],
    ['with half a layer', layoutTar(cut), 'not those that its digest names'],
    ['without a layer', layoutTar(without), 'it is not in the archive'],
    ['with half a gzip', new Uint8Array(gzipSync(whole)).slice(0, 200), 'damaged or ends too early'],
    ['that is none', new Uint8Array(5_000).fill(1), 'does not match its checksum'],
    ['empty', new Uint8Array(), 'its end mark is missing'],
  ])('%s is refused as a whole', async (_name, bytes, why) => {
    expect(await inside(bytes)).toMatchObject({ state: 'unavailable', reason: expect.stringContaining(why) })
  })

  test('with paths that lead out: left out and said, and nothing is written anywhere', async () => {
    const hostile: TarPiece[] = [
      { path: '../../../../tmp/upkeep-escaped/package.json', content: '{"name":"evil","version":"1.0.0"}' },
      { path: 'l', type: '2', target: '../../../..' },
      { path: 'l/escaped/package.json', content: '{"name":"through-link","version":"1.0.0"}' },
    ]
    const facts = factsOf(await inside(dockerSave([[...app, ...hostile]])))
    expect(facts.installed[0]?.problems).toEqual([expect.stringContaining('1 entries lead out of the root')])
    expect(facts.installed[0]?.digest).toBeNull()
    expect(names(facts).join()).not.toContain('evil')
    expect(facts.installed[0]?.components.map((one) => one.path)).toContain('escaped')
    expect(readdirSync(home.path)).toEqual(['image.tar'])
  })

  test('an archive that is not there', async () => {
    const images = [{ reference: 'acme/server:1.2', path: join(home.path, 'nowhere.tar') }]
    expect(await home.collect(docker(), {}, {}, { images })).toMatchObject({
      reason: expect.stringContaining('not there'),
    })
  })
})
