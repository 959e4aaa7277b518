import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DependencyHealth } from '@upkeep/contract/observations/dependency-health'
import { dockerSave, layoutTar, ociLayout } from '@upkeep/lab/archives/image'
import type { TarPiece } from '@upkeep/lab/archives/write-tar'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolvedPackages } from '../resolved-packages/collector.ts'
import { dependencyHealth } from './collector.ts'

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'health-image-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const ports = realPorts()
const launch = { via: 'docker', image: 'acme/server', tag: '1.2', digest: null, pinned: false } as const
const json = (path: string, value: object): TarPiece => ({ path, content: JSON.stringify(value) })

async function look(bytes: Uint8Array | null) {
  const path = join(root, 'image.tar')
  if (bytes !== null) writeFileSync(path, bytes)
  const images = bytes === null ? [] : [{ reference: 'acme/server:1.2', path }]
  const server = declaredUrl('http://127.0.0.1:1/', ports, { transport: 'stdio', url: null, launch })
  const call = {
    for: callFor(server),
    ports,
    settings: { ...settingsWith(), images },
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  }
  const [resolved] = await resolvedPackages.collect({ ...call, prior: {} })
  if (resolved === undefined) throw new Error('nothing was said')
  const [seen] = await dependencyHealth.collect({ ...call, prior: { 'resolved-package': [resolved] } })
  if (seen?.state === 'seen') DependencyHealth.parse(seen.facts)
  return seen
}

const app: TarPiece[] = [
  json('app/package.json', { name: 'server', version: '1.0.0', license: 'MIT' }),
  json('app/node_modules/a/package.json', {
    name: 'a',
    version: '1.0.0',
    license: 'GPL-3.0',
    scripts: { postinstall: 'touch /tmp/never' },
  }),
  json('app/node_modules/b/package.json', { name: 'b', version: '2.0.0', license: 'ISC', engines: { node: '>=22' } }),
  { path: 'app/node_modules/b/binding.gyp', content: '{}' },
  json('app/node_modules/.package-lock.json', {
    packages: {
      'node_modules/a': {
        version: '1.0.0',
        integrity: 'sha512-AAAA',
        resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
      },
    },
  }),
  {
    path: 'usr/local/include/node/node_version.h',
    content: '#define NODE_MAJOR_VERSION 22\n#define NODE_MINOR_VERSION 11\n#define NODE_PATCH_VERSION 0\n',
  },
]

describe('dependency health of an image', () => {
  test('what each package says of itself, what npm wrote down of it, and the Node that the image brings', async () => {
    for (const bytes of [dockerSave([app]), layoutTar(ociLayout([app], 'zstd'))]) {
      const seen = await look(bytes)
      if (seen?.state !== 'seen') throw new Error('not seen')
      const [copy] = seen.facts.copies
      expect(copy).toMatchObject({ wouldRun: true, lockfile: 'read', problems: [] })
      expect(copy?.packages).toMatchObject([
        {
          name: 'a',
          licence: 'GPL-3.0',
          installScripts: ['postinstall'],
          recorded: { version: '1.0.0', integrity: 'sha512-AAAA', from: 'registry.npmjs.org' },
        },
        { name: 'b', licence: 'ISC', installScripts: ['binding.gyp'], engines: '>=22', recorded: null },
        { name: 'server', licence: 'MIT', installScripts: [], recorded: null },
      ])
      expect(seen.facts).toMatchObject({
        runtimes: [{ path: '/usr/local/bin/node', version: '22.11.0' }],
        runtimesLimit: null,
      })
    }
  })

  test('what a later layer took away or wrote over is not described', async () => {
    const upper = [
      { path: 'app/node_modules/.wh.a' },
      json('app/node_modules/b/package.json', { name: 'b', version: '2.0.1', license: 'MIT' }),
      { path: 'app/node_modules/b/.wh.binding.gyp' },
    ]
    const seen = await look(dockerSave([app, upper]))
    expect(seen).toMatchObject({
      facts: {
        copies: [
          { packages: [{ name: 'b', version: '2.0.1', licence: 'MIT', installScripts: [] }, { name: 'server' }] },
        ],
      },
    })
  })

  test('packages of other ecosystems, a list that is damaged and a Node that is not told are said', async () => {
    const pieces: TarPiece[] = [
      { path: 'etc/alpine-release', content: '3.22.0' },
      { path: 'lib/apk/db/installed', content: 'P:musl\nV:1.2.5-r10\n\n' },
      json('srv/node_modules/a/package.json', { name: 'a', version: '1.0.0' }),
      { path: 'srv/node_modules/.package-lock.json', content: '[' },
    ]
    expect(await look(dockerSave([pieces]))).toMatchObject({
      facts: {
        runtimesLimit: expect.stringContaining('no header'),
        copies: [
          {
            lockfile: 'unreadable',
            problems: [
              '1 packages of apk in it are not looked at for this',
              '/srv/node_modules/.package-lock.json cannot be read',
            ],
          },
        ],
      },
    })
  })

  test('an image whose archive is not at hand is not looked at, with why', async () => {
    expect(await look(null)).toMatchObject({
      state: 'unavailable',
      code: 'not-supported',
      reason: expect.stringContaining('docker is never asked'),
    })
  })
})
