import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { dockerSave, layoutTar, ociLayout, writeLayout } from '@upkeep/lab/archives/image'
import type { TarPiece } from '@upkeep/lab/archives/write-tar'
import { describe, expect, test } from 'vitest'
import { factsOf, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const launch = { via: 'docker', image: 'acme/server', tag: '1.2', digest: null, pinned: false } as const
const sound: TarPiece[] = [{ path: 'app/package.json', content: '{"name":"server","version":"1.0.0"}' }]
const evil = '{"name":"evil","version":"6.6.6"}'
const mark = `upkeep-escaped-${process.pid}`

/** What each form of archive with these layers comes to; beside it nothing may appear in the home or in the folder of temporary files. */
async function eachForm(layers: readonly TarPiece[][]) {
  const before = readdirSync(tmpdir()).sort()
  const forms = { saved: dockerSave(layers), layout: layoutTar(ociLayout(layers)) }
  const seen = []
  for (const bytes of Object.values(forms)) {
    writeFileSync(join(home.path, 'image.tar'), bytes)
    const images = [{ reference: 'acme/server:1.2', path: join(home.path, 'image.tar') }]
    seen.push(await home.collect(launch, {}, {}, { images }))
    expect(readdirSync(home.path)).toEqual(['image.tar'])
  }
  const appeared = readdirSync(tmpdir()).filter((name) => !before.includes(name) && name.startsWith('upkeep-escaped'))
  expect(appeared).toEqual([])
  return seen
}

describe('an image whose entries lead elsewhere', () => {
  test.each<[string, TarPiece[]]>([
    ['a path upwards', [{ path: `../../../../..${tmpdir()}/${mark}/package.json`, content: evil }]],
    ['a path upwards on the way', [{ path: `a/../../..${tmpdir()}/${mark}/package.json`, content: evil }]],
    [
      'links in a circle',
      [
        { path: 'a', type: '2', target: 'b' },
        { path: 'b', type: '2', target: 'a' },
        { path: 'a/package.json', content: evil },
      ],
    ],
    [
      'a link to itself',
      [
        { path: 'l', type: '2', target: 'l' },
        { path: 'l/package.json', content: evil },
      ],
    ],
    [
      'a long chain of links',
      [
        ...Array.from({ length: 60 }, (_, index) => ({
          path: `c${index}`,
          type: '2' as const,
          target: `c${index + 1}`,
        })),
        { path: 'c0/package.json', content: evil },
      ],
    ],
  ])('%s: left out, said, and no digest', async (_name, pieces) => {
    for (const seen of await eachForm([[...sound, ...pieces]])) {
      const [copy] = factsOf(seen).installed
      expect(copy?.problems).toEqual([expect.stringMatching(/lead out of the root or cannot be placed/)])
      expect(copy?.digest).toBeNull()
      expect(copy?.components.map((one) => one.name)).toEqual(['server'])
    }
  })

  test.each<[string, TarPiece[], string[]]>([
    ['an absolute path lies below the root', [{ path: `/${mark}/package.json`, content: evil }], [mark]],
    [
      'a link out of the root ends at the root',
      [
        { path: 'l', type: '2', target: `../../../../..${tmpdir()}` },
        { path: `l/${mark}/package.json`, content: evil },
      ],
      [`${tmpdir().slice(1)}/${mark}`],
    ],
    [
      'an absolute link starts at the root',
      [
        { path: 'l', type: '2', target: tmpdir() },
        { path: `l/${mark}/package.json`, content: evil },
      ],
      [`${tmpdir().slice(1)}/${mark}`],
    ],
    [
      'a hard link out of the root is nothing',
      [{ path: 'h/package.json', type: '1', target: '../../../../etc/passwd' }],
      [],
    ],
    ['a hard link to the machine is nothing', [{ path: 'h/package.json', type: '1', target: '/etc/passwd' }], []],
    [
      'a device is nothing',
      [
        { path: 'd/package.json', type: '3' },
        { path: 'f/package.json', type: '6' },
      ],
      [],
    ],
  ])('%s', async (_name, pieces, paths) => {
    for (const seen of await eachForm([[...sound, ...pieces]])) {
      const [copy] = factsOf(seen).installed
      expect(copy?.components.map((one) => one.path)).toEqual(['app', ...paths].sort())
    }
    expect(existsSync(join(tmpdir(), mark))).toBe(false)
  })
})

test('a layout folder whose manifest names a file outside of it', async () => {
  const layout = ociLayout([sound])
  const folder = join(home.path, 'layout')
  writeLayout(folder, layout)
  const digest = `sha256:../../../${basename(home.path)}/secret`
  writeFileSync(join(home.path, 'secret'), 'x')
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [{ digest }] }))
  const seen = await home.collect(launch, {}, {}, { images: [{ reference: 'acme/server:1.2', path: folder }] })
  expect(seen).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('names no image') })
})
