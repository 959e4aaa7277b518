import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { digestOfText } from '@upkeep/domain/canonical-json'
import { declareServer } from '@upkeep/domain/client-formats/declare-server'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { openMemory } from '@upkeep/engine/ports/memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolvedPackages } from '../resolved-packages/collector.ts'
import { runPlan } from './collector.ts'

let home = ''
let made = 0
beforeEach(() => {
  home = plainFolder()
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** A name of words and numbers: one drawn at random would be hidden as a secret. */
function plainFolder(): string {
  made += 1
  const folder = join(realpathSync(tmpdir()), `upkeep-run-plan-${process.pid}-${made}`)
  mkdirSync(folder)
  return folder
}

function put(path: string, content: object | string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content))
}

interface Entry {
  command: string
  args: string[]
  env?: Record<string, string>
}

/** Declares an entry as Cursor's file would, resolves it with the real collector, and plans its run. */
async function plan(entry: Entry, platform: 'linux' | 'darwin' = 'linux') {
  const raw = {
    name: 'fs',
    project: null,
    command: entry.command,
    args: entry.args,
    env: new Map(Object.entries(entry.env ?? {})),
    url: null,
    headers: new Map<string, string>(),
    cwd: null,
    transport: 'stdio' as const,
    disabled: false,
    autoApprove: [],
    other: new Map<string, string>(),
  }
  const place = { id: home, home, platform, env: {}, projects: [], machine: false, upkeepFile: null, uid: null }
  const file = {
    client: 'cursor' as const,
    scope: 'user' as const,
    path: join(home, '.cursor/mcp.json'),
    project: null,
    expands: ['dollar' as const],
  }
  const server = declareServer(raw, file, (text) => digestOfText(text).slice(0, 16))
  const subject = { kind: 'server' as const, id: 'server:cursor:x#fs', name: 'fs' }
  const { files } = openFiles({ stateDir: null })
  const places = { list: () => [place], ownProgram: () => [...ownProgram], keptObjects: () => '' }
  const { memory } = openMemory(join(home, 'memory.json'))
  const settings = {
    probe: [],
    connectToDeclared: false,
    online: false,
    registryUrl: '',
    feeds: { osv: [], registry: [] },
  }
  const common = {
    for: { per: 'server' as const, subject, place, server },
    settings,
    at: '2026-11-27T06:00:00.000Z',
    signal: { aborted: false },
  }
  const [resolved] = await resolvedPackages.collect({ ...common, prior: {}, ports: { archives, files, memory } })
  if (resolved === undefined) throw new Error('nothing resolved')
  const [seen] = await runPlan.collect({
    ...common,
    prior: { 'resolved-package': [resolved] },
    ports: { files, places },
  })
  if (seen === undefined) throw new Error('nothing seen')
  return seen
}

function npxTree(spec: string, name: string, manifest: object, file = 'dist/index.js'): string {
  const root = `.npm/_npx/${npxCacheKey([spec])}`
  put(`${root}/package.json`, { dependencies: { [name]: '^1.2.0' } })
  put(`${root}/node_modules/${name}/package.json`, { name, version: '1.2.0', ...manifest })
  put(`${root}/node_modules/${name}/${file}`, 'console.log(1)')
  return root
}

const ownProgram = ['/opt/node', '/opt/upkeep.js']
const cached = '@acme/files'

test('an entry of npx: the program that its package names, its own arguments, stand-ins for what may be secret', async () => {
  const root = npxTree('@acme/files@1.2.0', cached, { bin: { files: 'dist/index.js', other: 'dist/other.js' } })
  const seen = await plan({
    command: 'npx',
    args: ['-y', '@acme/files@1.2.0', '--mode', 'read', join(home, 'data'), '--token=hq8N2kd7Zp4Lw9Xs3Vb6'],
    env: { FILES_TOKEN: 'hq8N2kd7Zp4Lw9Xs3Vb6' },
  })
  expect(seen).toMatchObject({
    state: 'seen',
    facts: {
      runtime: 'node',
      file: join(home, root, 'node_modules', cached, 'dist/index.js'),
      shows: [join(home, root)],
      folders: [join(home, 'data')],
      env: { FILES_TOKEN: { text: 'upkeep-stand-in-FILES_TOKEN', standIn: true } },
    },
  })
  const facts = seen.state === 'seen' ? seen.facts : null
  expect(facts?.args.map(({ text }) => text)).toEqual([
    '--mode',
    'upkeep-stand-in-ARG2',
    join(home, 'data'),
    '--token=upkeep-stand-in-ARG4',
  ])
  expect(facts?.args.map(({ standIn }) => standIn)).toEqual([false, true, false, true])
  expect(JSON.stringify(facts)).not.toContain('hq8N2kd7Zp4Lw9Xs3Vb6')
})

describe('another digest', () => {
  const base = { command: 'npx', args: ['-y', '@acme/files@1.2.0', '/data'], env: { A_TOKEN: 'hq8N2kd7Zp4Lw9Xs3Vb6' } }
  const bin = { bin: 'dist/index.js' }
  const digests = async (entry: Entry) => {
    const seen = await plan(entry)
    if (seen.state !== 'seen') throw new Error('not seen')
    return seen.facts
  }

  test.each([
    ['one more argument', { ...base, args: [...base.args, '/more'] }],
    ['another value of a variable', { ...base, env: { A_TOKEN: 'Xq8N2kd7Zp4Lw9Xs3Vb6' } }],
    ['one more variable', { ...base, env: { ...base.env, B: 'x' } }],
  ])('of the command with %s', async (_name, entry) => {
    npxTree('@acme/files@1.2.0', cached, bin)
    const [one, other] = [await digests(base), await digests(entry)]
    expect(other.command).not.toBe(one.command)
    expect(other.bytes).toBe(one.bytes)
  })

  test('of the bytes with one changed byte, and none with none', async () => {
    const root = npxTree('@acme/files@1.2.0', cached, bin)
    const one = await digests(base)
    expect(await digests(base)).toEqual(one)
    put(`${root}/node_modules/${cached}/dist/index.js`, 'console.log(2)')
    const other = await digests(base)
    expect(other.bytes).not.toBe(one.bytes)
    expect(other.command).toBe(one.command)
  })
})

test('a script of node, with its own package', async () => {
  put('srv/package.json', { name: 'srv', version: '1.0.0' })
  put('srv/index.js', 'console.log(1)')
  const seen = await plan({ command: 'node', args: [join(home, 'srv/index.js'), '--root', '/data'] })
  expect(seen).toMatchObject({
    state: 'seen',
    facts: { runtime: 'node', file: join(home, 'srv/index.js'), shows: [join(home, 'srv')], folders: ['/data'] },
  })
})

test.each([
  ['no program of its name', { bin: { one: 'dist/index.js', two: 'dist/index.js' } }, /names no program/],
  ['a program outside of it', { bin: '../../../../outside.js' }, /outside of it|not there/],
  ['a program that is not there', { bin: 'dist/none.js' }, /not there/],
])('a package with %s has no plan', async (_name, manifest, reason) => {
  npxTree('@acme/files@1.2.0', cached, manifest)
  put('.npm/outside.js', '')
  const seen = await plan({ command: 'npx', args: ['-y', '@acme/files@1.2.0'] })
  expect(seen).toMatchObject({ state: 'unavailable', code: 'not-supported' })
  expect(seen.state === 'unavailable' ? seen.reason : '').toMatch(reason)
})

test.each([
  ['nothing is installed', { command: 'npx', args: ['-y', 'absent@1.0.0'] }],
  ['a shell', { command: 'sh', args: ['-c', 'npx -y thing'] }],
  ['a whole line', { command: 'npx -y @acme/files@1.2.0', args: [] }],
  ['a container', { command: 'docker', args: ['run', '-i', 'acme/files:1'] }],
])('%s: no plan, and the reason', async (_name, entry) => {
  npxTree('@acme/files@1.2.0', cached, { bin: 'dist/index.js' })
  const seen = await plan(entry)
  expect(seen.state).not.toBe('seen')
  expect(seen.state === 'seen' ? '' : seen.reason.length).toBeGreaterThan(10)
})

test('a home of another platform has no plan', async () => {
  expect(await plan({ command: 'node', args: ['x.js'] }, 'darwin')).toMatchObject({ state: 'unavailable' })
})

describe('an entry behind walls', () => {
  const args = (sealed: string) => [
    '/opt/upkeep.js',
    'run-confined',
    '--profile',
    join(home, 'walls.json'),
    '--sealed',
    sealed,
    '--',
  ]
  const line = () => ['npx', '-y', '@acme/files@1.2.0', join(home, 'docs'), join(home, 'notes')]

  function profileText(over: object = {}): string {
    const root = npxTree('@acme/files@1.2.0', cached, { bin: 'dist/index.js' })
    const file = join(home, root, 'node_modules', cached, 'dist/index.js')
    return JSON.stringify({
      format: 'upkeep-confinement/1',
      server: 'fs',
      words: line(),
      start: { runtime: 'node', file, packages: null, searches: [], ownFrom: 3 },
      program: [join(home, root)],
      places: [{ path: join(home, 'notes'), access: 'write', named: 'argument' }],
      network: 'none',
      variables: [],
      learned: { calls: 0, listed: null, called: [], watched: false, reached: [], ran: [], lookedFor: [] },
      ...over,
    })
  }

  test('its plan says what the profile leaves it, for each folder of its arguments', async () => {
    const text = profileText()
    put('walls.json', text)
    const seen = await plan({ command: '/opt/node', args: [...args(digestOfText(text)), ...line()] })
    expect(seen).toMatchObject({
      state: 'seen',
      facts: {
        folders: [join(home, 'docs'), join(home, 'notes')],
        confined: { network: 'none', access: ['none', 'write'], sealed: digestOfText(text) },
      },
    })
  })

  test.each<[string, (text: string) => { text?: string; command?: string; words?: string[] }, RegExp]>([
    ['the profile was altered', (text) => ({ text: text.replace('none', 'open') }), /was altered/],
    ['the profile is gone', () => ({ text: '' }), /was altered|cannot be read/],
    [
      'another program says that it is our launcher',
      () => ({ command: '/opt/other/node' }),
      /not the launcher of this installation/,
    ],
    ['the command line is another', () => ({ words: [...line(), '/etc'] }), /made for another command line/],
  ])('there is none where %s', async (_, spoil, reason) => {
    const text = profileText()
    const { text: altered = text, command = '/opt/node', words = line() } = spoil(text)
    put('walls.json', altered)
    expect(await plan({ command, args: [...args(digestOfText(text)), ...words] })).toMatchObject({
      state: 'unavailable',
      reason: expect.stringMatching(reason),
    })
  })

  test('there is none where the walls were made for other bytes', async () => {
    const text = profileText({
      start: { runtime: 'node', file: '/srv/other.js', packages: null, searches: [], ownFrom: 3 },
    })
    put('walls.json', text)
    const seen = await plan({ command: '/opt/node', args: [...args(digestOfText(text)), ...line()] })
    expect(seen).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('other bytes') })
  })
})
