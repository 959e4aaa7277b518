import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Facts, Place } from '@upkeep/contract'
import { DependencyHealth } from '@upkeep/contract/observations/dependency-health'
import { openFiles } from '@upkeep/engine/ports/files'
import { writeTar } from '@upkeep/lab/archives/write-tar'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolvedPackages } from '../resolved-packages/collector.ts'
import { dependencyHealth } from './collector.ts'

let home = ''
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-health-')))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(name: string, content: string | object): void {
  const path = join(home, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
}

const ports = { ...realPorts(), files: openFiles({ stateDir: null }).files }
const settings = settingsWith()
const at = '2026-11-22T09:00:00.000Z'
const signal = { aborted: false }

/** What both collectors say of a server that is a script in this home. */
async function collect(over: Partial<Facts<'declared-server'>>, place: Partial<Place> = {}, keptObjects?: string) {
  const server = declaredUrl('http://127.0.0.1:1/', ports, { transport: 'stdio', url: null, ...over })
  const call = callFor(server)
  const here = { ...call, place: { ...call.place, id: home, home, machine: false, ...place } }
  const [resolved] = await resolvedPackages.collect({ for: here, prior: {}, ports, settings, at, signal })
  const prior = { 'resolved-package': resolved === undefined ? [] : [resolved] }
  const withKept = keptObjects === undefined ? settings : { ...settings, keptObjects }
  const [seen] = await dependencyHealth.collect({ for: here, prior, ports, settings: withKept, at, signal })
  if (seen?.state === 'seen') DependencyHealth.parse(seen.facts)
  return seen
}

const script = () => ({ via: 'node' as const, script: join(home, 'srv/index.js'), module: null })

function writeTree(): void {
  write('srv/index.js', '')
  write('srv/package.json', {
    name: 'srv',
    version: '1.0.0',
    license: 'MIT',
    dependencies: { a: '1', b: '1', c: '1', d: '1' },
  })
  write('srv/node_modules/a/package.json', {
    name: 'a',
    version: '1.0.0',
    license: { type: 'ISC' },
    engines: { node: '>=18' },
  })
  write('srv/node_modules/b/package.json', {
    name: 'b',
    version: '1.0.0',
    licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }],
    scripts: { postinstall: 'touch /tmp/never', test: 'x' },
  })
  write('srv/node_modules/c/package.json', { name: 'c', version: '1.0.0', license: 'bad\u202elicence' })
  write('srv/node_modules/c/binding.gyp', '{}')
  write('srv/node_modules/d/package.json', { name: 'd', version: '1.0.0', gypfile: false, scripts: { prepare: 'x' } })
  write('srv/node_modules/d/binding.gyp', '{}')
}

describe('dependency health', () => {
  it('reads licences in every form, install scripts, and what asks for which Node', async () => {
    writeTree()
    const seen = await collect({ launch: script() })
    expect(seen).toMatchObject({
      state: 'seen',
      facts: { copies: [{ wouldRun: true, lockfile: 'absent', problems: [] }] },
    })
    const packages = seen?.state === 'seen' ? (seen.facts.copies[0]?.packages ?? []) : []
    expect(packages.map((one) => [one.name, one.direct, one.licence, one.installScripts, one.engines])).toEqual([
      ['srv', true, 'MIT', [], null],
      ['a', false, 'ISC', [], '>=18'],
      ['b', false, 'MIT OR GPL-2.0', ['postinstall'], null],
      ['c', false, null, ['binding.gyp'], null],
      ['d', false, null, [], null],
    ])
  })

  it("reads npm's own record, and no login out of an address", async () => {
    writeTree()
    const integrity = `sha512-${'A'.repeat(86)}==`
    const packages = {
      '': { name: 'srv' },
      'node_modules/a': {
        version: '1.0.1',
        resolved: 'https://user:hunter2secret@npm.example.com/a/-/a-1.0.1.tgz',
        integrity,
      },
      'node_modules/b': { version: '1.0.0', resolved: 'git+ssh://git@example.com/b.git#abc', integrity: 'not one' },
      'node_modules/c': { resolved: 'c', link: true },
    }
    write('srv/node_modules/.package-lock.json', { lockfileVersion: 3, packages })
    const seen = await collect({ launch: script() })
    const found = seen?.state === 'seen' ? (seen.facts.copies[0]?.packages ?? []) : []
    const recorded = new Map(found.map((one) => [one.name, one.recorded]))
    expect(recorded.get('a')).toEqual({ version: '1.0.1', integrity, from: 'npm.example.com' })
    expect(recorded.get('b')).toEqual({ version: '1.0.0', integrity: null, from: 'git' })
    expect(recorded.get('c')).toEqual({ version: null, integrity: null, from: 'link' })
    expect(recorded.get('d')).toBeNull()
    expect(JSON.stringify(seen)).not.toContain('hunter2')
  })

  it('says that a list of npm which cannot be read is a problem', async () => {
    writeTree()
    write('srv/node_modules/.package-lock.json', '{"packages": ')
    const seen = await collect({ launch: script() })
    const problems = ['node_modules/.package-lock.json: it is not a list of packages']
    expect(seen).toMatchObject({ facts: { copies: [{ lockfile: 'unreadable', problems }] } })
  })

  it.each([
    ['remote', { via: 'remote' as const }, 'absent'],
    ['an image', { via: 'docker' as const, image: 'x', tag: null, digest: null, pinned: false }, 'unavailable'],
    ['a shell', { via: 'shell' as const }, 'unavailable'],
  ])('%s is %s', async (_name, launch, state) => {
    expect(await collect({ launch })).toMatchObject({ state })
  })
})

describe('the Node that would run it', () => {
  it('is the one beside a command with a full path, by its header or its folder', async () => {
    writeTree()
    write(
      'node/include/node/node_version.h',
      '#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 11\n#define NODE_PATCH_VERSION 1\n',
    )
    const byHeader = await collect({ launch: script(), command: { kind: 'plain', text: join(home, 'node/bin/node') } })
    const runtimes = [{ path: join(home, 'node/bin/node'), version: '20.11.1' }]
    expect(byHeader).toMatchObject({ facts: { runtimes, runtimesLimit: null } })
    const named = join(home, '.nvm/versions/node/v22.1.0/bin/npx')
    const byFolder = await collect({ launch: script(), command: { kind: 'plain', text: named } })
    expect(byFolder).toMatchObject({ facts: { runtimes: [{ version: '22.1.0' }] } })
    const unknown = await collect({ launch: script(), command: { kind: 'plain', text: '/opt/own/bin/node' } })
    expect(unknown).toMatchObject({ facts: { runtimes: [{ path: '/opt/own/bin/node', version: null }] } })
  })

  it('is every one in the usual places where the command is a bare word', async () => {
    writeTree()
    write('.nvm/versions/node/v18.1.0/bin/node', '')
    write('.nvm/versions/node/v20.0.0/lib/other', '')
    write('.local/share/fnm/node-versions/v24.0.1/installation/bin/node', '')
    const seen = await collect({ launch: script(), command: { kind: 'plain', text: 'node' } })
    const versions = seen?.state === 'seen' ? seen.facts.runtimes.map((one) => one.version) : []
    expect(versions).toEqual(['18.1.0', '24.0.1'])
    expect(seen).toMatchObject({ facts: { runtimesLimit: 'the machine that runs it is another one' } })
  })
})

function tarOf(files: Record<string, string>): Uint8Array {
  return writeTar(Object.entries(files).map(([path, text]) => ({ path, content: text })))
}

describe('held against the kept tarball', () => {
  const manifest = JSON.stringify({ name: 'a', version: '1.0.0', license: 'MIT' })
  const shipped = {
    'package/package.json': manifest,
    'package/dist/a.js': 'one()',
    'package/.gitignore': 'x',
    'package/node_modules/b/b.js': 'b',
  }

  /** Installs package `a`, keeps this tarball of it, and says what the collector makes of both. */
  async function held(tarball: Uint8Array, altered: Record<string, string> = {}, kept: Uint8Array = tarball) {
    const hash = createHash('sha512').update(tarball).digest()
    const integrity = `sha512-${hash.toString('base64')}`
    const hex = hash.toString('hex')
    write('srv/index.js', '')
    write('srv/package.json', { name: 'srv', version: '1.0.0', dependencies: { a: '1' } })
    const files = { 'package.json': manifest, 'dist/a.js': 'one()', ...altered }
    for (const [name, text] of Object.entries(files)) write(`srv/node_modules/a/${name}`, text)
    write('srv/node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0', integrity } } })
    mkdirSync(join(home, `objects/sha512/${hex.slice(0, 2)}`), { recursive: true })
    writeFileSync(join(home, `objects/sha512/${hex.slice(0, 2)}/${hex.slice(2)}`), kept)
    const seen = await collect({ launch: script() }, {}, join(home, 'objects'))
    return seen?.state === 'seen' ? seen.facts.copies[0]?.packages.find(({ name }) => name === 'a')?.kept : undefined
  }

  it.each([
    ['the same files', {}, { state: 'same', detail: '' }],
    ['a file that was changed', { 'dist/a.js': 'two()' }, { state: 'differs', detail: 'dist/a.js' }],
    ['a file that grew', { 'dist/a.js': 'one();evil()' }, { state: 'differs', detail: 'dist/a.js' }],
    ['a file beside them', { 'dist/extra.js': 'x' }, { state: 'same', detail: '' }],
  ])('%s', async (_name, altered, expected) => {
    expect(await held(gzipSync(tarOf(shipped)), altered)).toEqual(expected)
  })

  it('a file that is gone, and one that would lie outside', async () => {
    expect(await held(gzipSync(tarOf({ ...shipped, 'package/dist/gone.js': 'x' })))).toEqual({
      state: 'differs',
      detail: 'dist/gone.js',
    })
    expect(await held(gzipSync(tarOf({ ...shipped, 'package/../../x': 'x' })))).toEqual({ state: 'same', detail: '' })
  })

  it('a kept tarball that is cut short, is none, or is not what it was', async () => {
    const whole = gzipSync(tarOf({ ...shipped, 'package/dist/b.js': 'two()' }))
    expect(await held(gzipSync(tarOf(shipped).subarray(0, 900)))).toMatchObject({ state: 'unreadable' })
    expect(await held(Buffer.from('not gzip'))).toMatchObject({ state: 'unreadable' })
    expect(await held(whole, { 'dist/b.js': 'two()' }, Buffer.concat([whole, Buffer.from('x')]))).toMatchObject({
      state: 'altered',
    })
  })

  it('is said of nothing that is not kept', async () => {
    writeTree()
    const seen = await collect({ launch: script() }, {}, join(home, 'objects'))
    const packages = seen?.state === 'seen' ? (seen.facts.copies[0]?.packages ?? []) : []
    expect(packages.every((one) => one.kept === undefined)).toBe(true)
  })
})
