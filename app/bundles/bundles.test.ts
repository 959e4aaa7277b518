import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientConfigs } from '@upkeep/collectors/client-configs/collector'
import { resolvedPackages } from '@upkeep/collectors/resolved-packages/collector'
import { serverSource } from '@upkeep/collectors/server-source/collector'
import type { Facts } from '@upkeep/contract'
import { noCaptures } from '@upkeep/contract/testing/no-captures'
import { noGateways } from '@upkeep/contract/testing/no-gateways'
import { buildZip, type ZipInput } from '@upkeep/engine/intel/testing/build-zip'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { openMemory } from '@upkeep/engine/ports/memory'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBundles } from './open-bundles.ts'

// Named by the process and not at random: a part that looks random is hidden from what is declared.
const folder = join(tmpdir(), `packed-bundles-${process.pid}`)
let state = ''
beforeEach(() => {
  mkdirSync(folder)
  state = mkdtempSync(join(tmpdir(), 'upkeep-bundles-state-'))
})
afterEach(() => {
  for (const path of [folder, state]) rmSync(path, { recursive: true, force: true })
})

const ownFolder = ['$', '{__dirname}'].join('')

function manifest(server: object, name = 'notes'): string {
  return JSON.stringify({ manifest_version: '0.3', name, version: '1.2.3', server })
}

function zipped(files: Readonly<Record<string, string>>): Buffer {
  return buildZip(Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) })))
}

function put(name: string, packed: Buffer): void {
  writeFileSync(join(folder, name), packed)
}

/** What the collectors see of the bundles in the folder, through the files port that shows them. */
async function look() {
  const { list, over: files } = await openBundles([folder], openFiles({ stateDir: null }).files)
  const place = { id: '/home/ada', home: '/home/ada', platform: 'linux', env: {}, projects: [], machine: true } as const
  const call = {
    prior: {},
    ports: {
      archives,
      files,
      secrets: openSecrets({ stateDir: state, env: {} }),
      memory: openMemory(null).memory,
      gateways: noGateways,
      captures: noCaptures,
      places: { list: () => [], ownProgram: () => [], keptObjects: () => '' },
    },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: false,
      registryUrl: '',
      feeds: { osv: [], registry: [] },
      bundles: list,
    },
    at: '2026-01-01T00:00:00.000Z',
    signal: { aborted: false },
  }
  const here = { ...place, upkeepFile: null, uid: null }
  const seen = await clientConfigs.collect({ ...call, for: { per: 'place', place: here } })
  const declared = seen.filter((one) => one.kind === 'declared-server' && one.subject.id.includes(folder))
  return { declared, call, here }
}

async function packageOf(server: Facts<'declared-server'>, { call, here }: Awaited<ReturnType<typeof look>>) {
  const subject = { kind: 'server', id: 'server:x', name: 'x' } as const
  const target = { per: 'server', subject, place: here, server } as const
  const [seen] = await resolvedPackages.collect({ ...call, for: target })
  if (seen?.state !== 'seen') throw new Error(JSON.stringify(seen))
  const [source] = await serverSource.collect({ ...call, for: target, prior: { 'resolved-package': [seen] } })
  return { facts: seen.facts, source: source?.state === 'seen' ? source.facts : null }
}

async function only() {
  const looked = await look()
  const [one] = looked.declared
  if (looked.declared.length !== 1 || one?.kind !== 'declared-server' || one.state !== 'seen')
    throw new Error(JSON.stringify(looked.declared))
  return { server: one.facts, ...(await packageOf(one.facts, looked)) }
}

const shell = `import { execSync } from 'node:child_process'
server.tool('log', { file: z.string() }, ({ file }) => execSync('git log ' + file))
`

describe('a packed bundle', () => {
  test('of Node: its components, its bytes, and what its code reaches', async () => {
    const start = { type: 'node', entry_point: 'server/index.js' }
    const files = {
      'manifest.json': manifest({ ...start, mcp_config: { command: 'node', args: [`${ownFolder}/server/index.js`] } }),
      'package.json': JSON.stringify({ name: 'notes-bundle', version: '1.2.3', dependencies: { express: '^4' } }),
      'server/index.js': shell,
      'node_modules/express/package.json': JSON.stringify({ name: 'express', version: '4.17.0' }),
    }
    put('notes.mcpb', zipped(files))
    const { server, facts, source } = await only()
    expect(server).toMatchObject({ client: 'upkeep', name: 'notes', path: join(folder, 'notes.mcpb') })
    expect(facts).toMatchObject({ name: 'notes-bundle', wouldRun: 0 })
    const [copy] = facts.installed
    expect(copy?.components.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'notes-bundle 1.2.3',
      'express 4.17.0',
    ])
    expect(source?.copies[0]?.sinks).toMatchObject([{ path: 'server/index.js', line: 2, sink: 'execSync' }])
    expect(copy?.digest).toMatch(/^[0-9a-f]{64}$/)
    put('notes.mcpb', zipped({ ...files, 'node_modules/express/index.js': 'other' }))
    expect((await only()).facts.installed[0]?.digest).not.toBe(copy?.digest)
  })

  test('of Python: the packages that it brings along', async () => {
    const info = 'server/lib/requests-2.19.0.dist-info'
    put(
      'old.DXT',
      zipped({
        'manifest.json': manifest({ type: 'python', entry_point: 'server/main.py' }),
        'server/main.py': 'import requests',
        [`${info}/METADATA`]: 'Name: requests\nVersion: 2.19.0\n\n',
        [`${info}/RECORD`]: `${info}/METADATA,,\n`,
      }),
    )
    const { facts } = await only()
    expect(facts.installed[0]?.components).toMatchObject([{ ecosystem: 'PyPI', name: 'requests', version: '2.19.0' }])
  })
})

describe('a hostile bundle', () => {
  const start = { type: 'node', entry_point: 'index.js' }
  const part = (name: string, text = '', more: Partial<ZipInput> = {}) => ({ name, bytes: Buffer.from(text), ...more })
  const good = part('manifest.json', manifest(start))

  test.each([
    ['whose path leads out', buildZip([good, part('../../outside.js')]), 'leads elsewhere'],
    ['whose path is absolute', buildZip([good, part('/tmp/outside.js')]), 'leads elsewhere'],
    ['that has a path twice', buildZip([good, part('index.js', 'a'), part('index.js', 'b')]), 'twice'],
    ['that has a file as a folder', buildZip([good, part('a'), part('a/b')]), 'a file and a folder'],
    ['with empty names', buildZip([good, part('a//b')]), 'not written plainly'],
    ['that is cut off', buildZip([good]).subarray(0, 60), 'a zip that is cut off or damaged'],
    ['that is none', Buffer.from('no zip'), 'it is no zip: it is text'],
    ['of nothing', Buffer.alloc(0), 'it is no zip: it is empty'],
    [
      'that declares more than is read',
      buildZip([good, part('b', 'b', { declaredSize: 0x7fffffff })]),
      'unpacks to more',
    ],
    ['whose manifest is a bomb', buildZip([{ ...good, declaredSize: 3 }]), 'more than it says'],
    ['without a manifest', buildZip([part('index.js')]), 'no manifest.json'],
    ['whose manifest is no JSON', buildZip([part('manifest.json', '{')]), 'well formed'],
    ['whose manifest names no server', buildZip([part('manifest.json', '{"name": "x"}')]), 'names no server'],
  ])('%s is unknown with the reason; nothing is written anywhere', async (_name, packed, reason) => {
    put('evil.mcpb', packed)
    const before = readdirSync(tmpdir()).filter((name) => /outside/.test(name))
    const { declared } = await look()
    expect(declared).toMatchObject([
      { kind: 'declared-server', state: 'unavailable', reason: expect.stringContaining(reason) },
    ])
    expect(readdirSync(folder)).toEqual(['evil.mcpb'])
    expect(readdirSync(tmpdir()).filter((name) => /outside/.test(name))).toEqual(before)
  })

  test('does not hide the others, and a bomb inside leaves no digest', async () => {
    put('a.mcpb', Buffer.from('no zip'))
    put('b.mcpb', buildZip([good, part('index.js', 'x'.repeat(5_000), { declaredSize: 10 })]))
    const looked = await look()
    expect(looked.declared.map((one) => one.state)).toEqual(['unavailable', 'seen'])
    const second = looked.declared[1]
    if (second?.kind !== 'declared-server' || second.state !== 'seen') throw new Error('not seen')
    const { facts } = await packageOf(second.facts, looked)
    expect(facts.installed[0]).toMatchObject({ digest: null, problems: [expect.stringContaining('index.js')] })
  })
})

test('a path that the owner names and that is not there is unknown', async () => {
  const { list } = await openBundles([join(folder, 'gone.mcpb')], openFiles({ stateDir: null }).files)
  expect(list).toEqual([{ path: join(folder, 'gone.mcpb'), problem: 'it is not there' }])
})
