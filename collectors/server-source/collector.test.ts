import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Facts, type Observation, observationKinds, type Seen, serverSubject } from '@upkeep/contract'
import type { FilesPort } from '@upkeep/contract/ports'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { openMemory } from '@upkeep/engine/ports/memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { declaredUrl, realPorts } from '../../lab/servers/declared.ts'
import { serverSource } from './collector.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-source-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const { files } = openFiles({ stateDir: null })
const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'notes')
const server = declaredUrl('http://127.0.0.1:1/mcp', realPorts(), { name: 'notes' })
const place = {
  id: root,
  home: root,
  platform: 'linux' as const,
  env: {},
  projects: [],
  machine: false,
  upkeepFile: null,
  uid: null,
}
const settings = {
  probe: [],
  connectToDeclared: false,
  online: false,
  registryUrl: '',
  feeds: { osv: [], registry: [] },
}
const shell = `import { execSync } from 'node:child_process'
server.tool('log', { file: z.string() }, ({ file }) => execSync('git log ' + file))
`

const tool = 'import os\n@mcp.tool()\ndef run(command: str):\n    os.system(command)\n'

function put(path: string, text: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

type Resolved = Facts<'resolved-package'>

function npm(digest: string | null, name = 'notes-mcp'): Resolved {
  const own = { ecosystem: 'npm' as const, name, version: '1.0.0', path: `node_modules/${name}`, digest }
  const other = { ...own, name: 'other', path: 'node_modules/other' }
  return resolvedAs({ where: 'npx-cache', components: [other, own], digest })
}

function script(name: string, over: Partial<Resolved['installed'][number]> = {}): Resolved {
  return resolvedAs({ script: join(root, name), ...over }, { name: name.split('/').at(-1) ?? '', ecosystem: 'none' })
}

function resolvedAs(over: Partial<Resolved['installed'][number]>, facts: Partial<Resolved> = {}): Resolved {
  const none = {
    version: '1.0.0',
    cacheKey: null,
    requested: null,
    engines: null,
    components: [],
    problems: [],
    digest: null,
  }
  const copy = { where: 'script' as const, root, ...none, ...over }
  return { name: 'notes-mcp', ecosystem: 'npm', pinned: true, installed: [copy], wouldRun: 0, why: '', ...facts }
}

const call = { for: { per: 'server' as const, subject, place, server }, settings, at: '2026-11-22T09:30:00.000Z' }

async function look(
  resolved: Seen<'resolved-package'>,
  given: { files?: FilesPort; memory?: ReturnType<typeof openMemory>['memory']; aborted?: boolean } = {},
) {
  const prior: Observation<'resolved-package'> = { kind: 'resolved-package', subject, ...resolved }
  const ports = { files: given.files ?? files, memory: given.memory ?? openMemory(null).memory, archives }
  const signal = { aborted: given.aborted ?? false }
  const [seen] = await serverSource.collect({ ...call, prior: { 'resolved-package': [prior] }, ports, signal })
  if (seen === undefined) throw new Error('nothing was said')
  if (seen.state === 'seen') observationKinds['server-source'].facts.parse(seen.facts)
  return seen
}

async function copyOf(facts: Resolved, given: Parameters<typeof look>[1] = {}) {
  const seen = await look({ state: 'seen', facts }, given)
  const copy = seen.state === 'seen' ? seen.facts.copies[0] : undefined
  if (copy === undefined) throw new Error(JSON.stringify(seen))
  return copy
}

describe('the own files of a package', () => {
  test('are followed; those of its dependencies are not', async () => {
    put('node_modules/notes-mcp/dist/index.js', shell)
    put('node_modules/notes-mcp/node_modules/inner/index.js', shell)
    put('node_modules/notes-mcp/tests/index.js', shell)
    put('node_modules/other/index.js', shell)
    const copy = await copyOf(npm('a'.repeat(64)))
    expect(copy).toMatchObject({ package: 'notes-mcp', files: 1, handlers: 1, notLooked: [] })
    expect(copy.sinks).toMatchObject([
      {
        path: 'dist/index.js',
        line: 2,
        kind: 'command',
        sink: 'execSync',
        source: 'arguments.file',
        tool: 'log',
        confidence: 'high',
      },
    ])
  })

  test('of a Python package are those of its RECORD', async () => {
    const site = 'lib/python3.12/site-packages'
    put(`${site}/notes_mcp/server.py`, tool)
    put(`${site}/elsewhere/server.py`, tool)
    put(`${site}/notes_mcp-1.0.0.dist-info/RECORD`, 'notes_mcp/server.py,,\nnotes_mcp-1.0.0.dist-info/RECORD,,\n')
    const own = {
      ecosystem: 'PyPI' as const,
      name: 'notes-mcp',
      version: '1.0.0',
      path: `${site}/notes_mcp-1.0.0.dist-info`,
      digest: null,
    }
    const copy = await copyOf(resolvedAs({ where: 'uv-tool', components: [own] }, { ecosystem: 'PyPI' }))
    expect(copy.sinks).toMatchObject([{ path: 'notes_mcp/server.py', line: 4, kind: 'command', sink: 'os.system' }])
  })

  test('a script that no package owns is looked at alone', async () => {
    put('server.js', shell)
    put('neighbour.js', shell)
    const copy = await copyOf(script('server.js'))
    expect(copy.sinks.map((sink) => sink.path)).toEqual(['server.js'])
  })

  test.each([
    ['server.py', 'tools.py', 'import tools\n'],
    ['server.py', 'parts/tools.py', 'from parts import tools\n'],
    ['server.py', 'parts/tools.py', 'from parts.tools import run\n'],
    ['app/server.py', 'app/tools/__init__.py', 'from .tools import run\n'],
    ['server.mjs', 'lib/tools.mjs', "import { run } from './lib/tools.mjs'\n"],
    ['server.cjs', 'lib/index.js', "const run = require('./lib')\n"],
  ])('of the script %s %s too, which it loads', async (name, beside, text) => {
    put(name, text)
    put(beside, beside.endsWith('.py') ? tool : shell)
    put('unrelated/tools.py', tool)
    expect((await copyOf(script(name))).sinks.map(({ path }) => join(name, '..', path))).toEqual([beside])
  })

  test.each([
    ['an environment', '.venv', { path: 'lib/python3.12/site-packages/mcp-1.9.0.dist-info' }],
    ['a lock file', '.', { path: 'uv.lock' }],
  ])('a Python script with %s is read, its packages are not', async (_, at, part) => {
    put('server.py', tool)
    const components = [{ ecosystem: 'PyPI' as const, name: 'mcp', version: '1.9.0', digest: null, ...part }]
    const copy = await copyOf(script('server.py', { root: join(root, at), components }))
    expect(copy).toMatchObject({ package: 'server.py', files: 1, notLooked: [] })
    expect(copy.sinks).toMatchObject([{ path: 'server.py', line: 4, kind: 'command' }])
  })

  test('tokens are said by line and kind, and kept nowhere', async () => {
    const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'}`
    put('node_modules/notes-mcp/config.json', `{\n  "token": "${token}"\n}`)
    put('node_modules/notes-mcp/index.js', 'start()')
    const copy = await copyOf(npm(null))
    expect(copy.secrets).toEqual([{ path: 'config.json', line: 2, kind: 'github-token' }])
    expect(JSON.stringify(copy)).not.toContain(token.slice(4, 20))
  })
})

test('what it says of itself is kept with its place; a text that holds a token is not', async () => {
  const token = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gI3kM5'}`
  put(
    'server.js',
    `s.tool('add', 'Adds.', {}, f)\ns.tool('use', 'Uses ${token}', {}, f)\ns.tool('o', words(), {}, f)\n`,
  )
  const copy = await copyOf(script('server.js'))
  expect(copy.texts.filter((one) => one.where.endsWith('description'))).toEqual([
    { path: 'server.js', line: 1, where: 'tool add, description', tool: 'add', text: 'Adds.' },
  ])
  expect(copy.textsUnread).toEqual([
    { path: 'server.js', line: 3 },
    { path: 'server.js', line: 2 },
  ])
  expect(copy.folder).toBe(root)
  expect(JSON.stringify(copy)).not.toContain(token)
})

describe('what is not looked at is said', () => {
  test('a package whose own files are not where it is installed', async () => {
    const missing = [{ path: 'notes-mcp', reason: 'none of its own files was found where it is installed' }]
    const other = { ecosystem: 'npm' as const, name: 'other', version: null, path: 'node_modules/other', digest: null }
    expect((await copyOf(resolvedAs({ where: 'npx-cache', components: [other] }))).notLooked).toEqual(missing)
    const site = 'lib/python3.12/site-packages'
    const editable = { ...other, ecosystem: 'PyPI' as const, name: 'notes-mcp', path: `${site}/notes_mcp-1.dist-info` }
    const facts = resolvedAs({ where: 'uv-tool', components: [editable] }, { ecosystem: 'PyPI' })
    expect((await copyOf(facts)).notLooked).toEqual(missing)
  })

  test('too large, not parsed, too deep, a link, TypeScript alone', async () => {
    const folder = 'node_modules/notes-mcp'
    put(`${folder}/large.js`, `server.tool('a')\n${'x = 1\n'.repeat(400_000)}`)
    put(`${folder}/broken.js`, 'server.tool(')
    put(`${folder}/deep.js`, `tool(${'['.repeat(60_000)}${']'.repeat(60_000)})`)
    put('outside.js', shell)
    symlinkSync(join(root, 'outside.js'), join(root, folder, 'link.js'))
    const copy = await copyOf(npm(null))
    expect(copy.sinks).toEqual([])
    expect(copy.notLooked).toEqual([
      { path: 'link.js', reason: 'a link: not followed' },
      { path: 'broken.js', reason: 'not valid JavaScript at line 1' },
      { path: 'deep.js', reason: 'nested too deep' },
      { path: 'large.js', reason: 'larger than 2 MB' },
    ])
  })

  test('a package of TypeScript alone', async () => {
    put('node_modules/notes-mcp/server.ts', 'export const a: number = 1')
    put('node_modules/notes-mcp/types.d.ts', 'export {}')
    expect((await copyOf(npm(null))).notLooked).toEqual([{ path: 'server.ts', reason: 'TypeScript is not parsed' }])
  })

  test('images, programs, nothing installed, and what could not be resolved', async () => {
    const states = [
      await look({
        state: 'seen',
        facts: resolvedAs({}, { ecosystem: 'oci', installed: [], wouldRun: null, why: 'no archive' }),
      }),
      await look({ state: 'seen', facts: resolvedAs({ where: 'binary' }) }),
      await look({
        state: 'seen',
        facts: resolvedAs({}, { installed: [], wouldRun: null, why: 'nothing is installed' }),
      }),
      await look({ state: 'unavailable', code: 'permission-denied', reason: 'not readable' }),
    ]
    expect(states.map((one) => (one.state === 'unavailable' ? one.code : one.state))).toEqual([
      'not-supported',
      'not-supported',
      'absent',
      'permission-denied',
    ])
  })

  test('when the time is up nothing is claimed and nothing remembered', async () => {
    put('node_modules/notes-mcp/index.js', shell)
    const { memory } = openMemory(null)
    const seen = await look({ state: 'seen', facts: npm('b'.repeat(64)) }, { memory, aborted: true })
    expect(seen).toMatchObject({ state: 'unavailable', code: 'timed-out' })
    expect((await copyOf(npm('b'.repeat(64)), { memory })).sinks).toHaveLength(1)
  })

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    put('node_modules/notes-mcp/index.js', shell)
    chmodSync(join(root, 'node_modules/notes-mcp/index.js'), 0)
    expect((await copyOf(npm(null))).notLooked).toEqual([{ path: 'index.js', reason: 'this user may not read it' }])
  })
})

test('the same digest is not read twice, another one is', async () => {
  put('node_modules/notes-mcp/index.js', shell)
  const { memory } = openMemory(null)
  let reads = 0
  const counting: FilesPort = {
    ...files,
    read: (path, most) => {
      reads += 1
      return files.read(path, most)
    },
  }
  const first = await copyOf(npm('c'.repeat(64)), { memory, files: counting })
  const after = reads
  expect(after).toBeGreaterThan(0)
  expect(await copyOf(npm('c'.repeat(64)), { memory, files: counting })).toEqual(first)
  expect(reads).toBe(after)
  await copyOf(npm('d'.repeat(64)), { memory, files: counting })
  expect(reads).toBeGreaterThan(after)
})
