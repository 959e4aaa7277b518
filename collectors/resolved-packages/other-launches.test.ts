import { execFileSync } from 'node:child_process'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { expect, test } from 'vitest'
import { factsOf, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const rest = { requested: null, pinned: false, packages: [] }
const python = { ecosystem: 'PyPI' as const, ...rest }

test('a script belongs to the nearest named package, with what that package needs', async () => {
  home.write({
    'x/node_modules/@mcp/memory/package.json': { name: '@mcp/memory', version: '1.2.0', dependencies: { zod: '3' } },
    'x/node_modules/@mcp/memory/dist/package.json': { type: 'module' },
    'x/node_modules/@mcp/memory/dist/index.js': '',
    'x/node_modules/zod/package.json': { name: 'zod', version: '3.1.0' },
    'x/node_modules/other/package.json': { name: 'other', version: '1.0.0' },
  })
  const script = `${home.path}/x/node_modules/@mcp/memory/dist/index.js`
  const facts = factsOf(await home.collect({ via: 'node', script, module: null }))
  expect(facts).toMatchObject({ name: '@mcp/memory', wouldRun: 0, installed: [{ where: 'script', version: '1.2.0' }] })
  expect(facts.installed[0]?.components.map(({ name }) => name)).toEqual(['@mcp/memory', 'zod'])
})

test('a package that npm installed flat is what lies there, though a lockfile stands above it', async () => {
  const packages = { '': {}, 'node_modules/one': { version: '9.9.9' }, 'node_modules/zod': { version: '9.9.9' } }
  home.write({
    'x/package-lock.json': { lockfileVersion: 3, packages },
    'x/node_modules/one/package.json': { name: 'one', version: '1.2.0', dependencies: { zod: '3' } },
    'x/node_modules/one/index.js': '',
    'x/node_modules/zod/package.json': { name: 'zod', version: '3.1.0' },
  })
  const script = `${home.path}/x/node_modules/one/index.js`
  const [copy] = factsOf(await home.collect({ via: 'node', script, module: null })).installed
  expect(copy?.components.map(({ name, version }) => `${name} ${version}`)).toEqual(['one 1.2.0', 'zod 3.1.0'])
})

test('a script in a source checkout: what git does there does not count', async () => {
  home.write({ 'proj/package.json': { name: 'proj', version: '0.1.0' }, 'proj/s.js': '1', 'proj/.git/index': '1' })
  const launch = { via: 'node', script: `${home.path}/proj/s.js`, module: null } as const
  const before = factsOf(await home.collect(launch)).installed[0]?.digest
  home.write({ 'proj/.git/index': '2' })
  expect(factsOf(await home.collect(launch)).installed[0]?.digest).toBe(before)
  home.write({ 'proj/s.js': '2' })
  expect(factsOf(await home.collect(launch)).installed[0]?.digest).not.toBe(before)
})

test('a script without a package is covered alone; the home owns nothing', async () => {
  home.write({ 'package.json': { name: 'home', version: '1.0.0' }, 'tools/s.js': 'one', 'tools/s.py': 'one' })
  for (const [via, file] of [
    ['node', 's.js'],
    ['python', 's.py'],
  ] as const) {
    const launch = { via, script: `tools/${file}`, module: null }
    const before = factsOf(await home.collect(launch))
    expect(before).toMatchObject({
      name: file,
      ecosystem: 'none',
      wouldRun: 0,
      installed: [{ components: [], version: null }],
    })
    home.write({ [`tools/${file}`]: 'two' })
    expect(factsOf(await home.collect(launch)).installed[0]?.digest).not.toBe(before.installed[0]?.digest)
  }
  expect(factsOf(await home.collect({ via: 'node', script: 'tools/gone.js', module: null }))).toMatchObject({
    installed: [],
    wouldRun: null,
  })
})

test('a program is its bytes when its path is named, and not looked for on a PATH', async () => {
  home.write({ 'bin/server': 'ELF' })
  const facts = factsOf(await home.collect({ via: 'binary', file: `${home.path}/bin/server` }))
  expect(facts).toMatchObject({ ecosystem: 'none', wouldRun: 0, installed: [{ where: 'binary' }] })
  expect(facts.installed[0]?.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(await home.collect({ via: 'binary', file: 'server' })).toMatchObject({ code: 'not-supported' })
  execFileSync('mkfifo', [`${home.path}/bin/pipe`])
  expect(await home.collect({ via: 'binary', file: `${home.path}/bin/pipe` })).toMatchObject({
    facts: { wouldRun: null, installed: [{ digest: null, problems: ['pipe: could not be read'] }] },
  })
})

test.each([
  [
    { via: 'docker', image: 'mcp/x', tag: null, digest: null, pinned: false } as const,
    { installed: [], wouldRun: null, pinned: false },
  ],
  [
    { via: 'podman', image: 'mcp/x', tag: '1', digest: 'sha256:ab', pinned: true } as const,
    { installed: [], wouldRun: null, pinned: true },
  ],
])('an image is a reference only', async (launch, expected) => {
  expect(factsOf(await home.collect(launch))).toMatchObject({ ecosystem: 'oci', ...expected })
})

test.each<[DeclaredServer['launch'], string]>([
  [{ via: 'shell' }, 'unavailable'],
  [{ via: 'unknown', problem: 'x' }, 'unavailable'],
  [{ via: 'python', script: null, module: 'server' }, 'unavailable'],
  [{ via: 'deno', script: 'npm:x', module: null }, 'unavailable'],
  [{ via: 'bunx', ecosystem: 'npm', name: 'x', ...rest }, 'unavailable'],
  [{ via: 'remote' }, 'absent'],
  [{ via: 'yarn-dlx', ecosystem: 'npm', name: 'x', ...rest }, 'absent'],
])('what cannot be looked at is never nothing: %#', async (launch, state) => {
  expect((await home.collect(launch)).state).toBe(state)
})

function environment(root: string, version: string) {
  const site = `${root}/lib/python3.12/site-packages`
  return {
    [`${site}/Mcp_Server_Git-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: Mcp_Server.Git\nVersion: ${version}\n\nVersion: 9\n`,
    [`${site}/Mcp_Server_Git-${version}.dist-info/RECORD`]: 'mcp_server_git/__init__.py,,\n',
    [`${site}/mcp_server_git/__init__.py`]: 'one',
    [`${site}/mcp-1.9.0.dist-info/METADATA`]: 'Name: mcp\nVersion: 1.9.0\n',
    [`${site}/mcp-1.9.0.dist-info/RECORD`]: 'mcp/__init__.py,,\n',
    [`${site}/mcp/__init__.py`]: 'two',
  }
}

test('uvx: an installed tool runs, a cached environment is listed', async () => {
  home.write({
    ...environment('.local/share/uv/tools/mcp-server-git', '1.0.0'),
    ...environment('.cache/uv/archive-v0/abc', '2.0.0'),
  })
  const launch = { via: 'uvx', name: 'mcp-server-git', ...python } as const
  const facts = factsOf(await home.collect(launch))
  expect(facts).toMatchObject({
    ecosystem: 'PyPI',
    wouldRun: 0,
    installed: [
      { where: 'uv-tool', version: '1.0.0' },
      { where: 'uv-cache', version: '2.0.0' },
    ],
  })
  expect(facts.installed[0]?.components.map(({ name, version }) => [name, version])).toEqual([
    ['mcp-server-git', '1.0.0'],
    ['mcp', '1.9.0'],
  ])
  expect(facts.installed[0]?.digest).not.toBeNull()
  expect(factsOf(await home.collect({ ...launch, requested: '1.0.0' })).wouldRun).toBe(0)
  expect(factsOf(await home.collect({ ...launch, requested: '==2.0.0' }))).toMatchObject({
    wouldRun: null,
    pinned: true,
  })
  expect(factsOf(await home.collect({ ...launch, name: 'other' }))).toMatchObject({ installed: [], wouldRun: null })
})

test('pipx environments are listed', async () => {
  home.write(environment('.local/share/pipx/venvs/mcp-server-git', '1.0.0'))
  const facts = factsOf(await home.collect({ via: 'pipx', name: 'mcp-server-git', ...python, requested: '1.0.0' }))
  expect(facts).toMatchObject({ wouldRun: null, installed: [{ where: 'pipx', version: '1.0.0' }] })
})
