import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { observationKinds, type Seen, serverSubject } from '@upkeep/contract'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import type { ArchivesPort } from '@upkeep/contract/ports'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { openMemory } from '@upkeep/engine/ports/memory'
import { dockerSave, layoutTar, ociLayout, type Start } from '@upkeep/lab/archives/image'
import type { TarPiece } from '@upkeep/lab/archives/write-tar'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { declaredUrl, realPorts } from '../../lab/servers/declared.ts'
import { serverSource } from './collector.ts'

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-image-source-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const { files } = openFiles({ stateDir: null })
const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'notes')
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
const listed = `import { execFileSync } from 'node:child_process'
server.tool('log', { file: z.string() }, ({ file }) => execFileSync('git', ['log', '--', file]))
`
const tool = 'import os\n@mcp.tool()\ndef run(command: str):\n    os.system(command)\n'
const manifest = (more: object = {}) => JSON.stringify({ name: 'notes-mcp', version: '1.0.0', ...more })

/** What `docker run -i --rm <image> <words>` in an entry is. */
function entry(words: readonly string[]): DeclaredServer {
  const plain = (text: string): SafeValue => ({ kind: 'plain', text })
  const launch = { via: 'docker' as const, image: 'acme/notes', tag: '1.0', digest: null, pinned: false }
  const args = ['run', '-i', '--rm', ...words].map(plain)
  return { ...declaredUrl('http://127.0.0.1:1/mcp', realPorts(), { name: 'notes' }), url: null, args, launch }
}

interface Given {
  words?: readonly string[]
  archives?: ArchivesPort
  memory?: ReturnType<typeof openMemory>['memory']
  digest?: string | null
}

async function look(bytes: Uint8Array, given: Given = {}): Promise<Seen<'server-source'>> {
  const path = join(root, 'image.tar')
  writeFileSync(path, bytes)
  const none = { version: '1.0', cacheKey: null, requested: null, engines: null, components: [], problems: [] }
  const copy = { where: 'image' as const, root: path, digest: given.digest ?? null, ...none }
  const facts = {
    name: 'acme/notes',
    ecosystem: 'oci' as const,
    pinned: false,
    installed: [copy],
    wouldRun: 0,
    why: '',
  }
  const prior = { 'resolved-package': [{ kind: 'resolved-package' as const, subject, state: 'seen' as const, facts }] }
  const place = { id: root, home: root, platform: 'linux' as const, env: {}, projects: [], machine: false }
  const [seen] = await serverSource.collect({
    for: {
      per: 'server',
      subject,
      place: { ...place, upkeepFile: null, uid: null },
      server: entry(given.words ?? ['acme/notes:1.0']),
    },
    settings,
    at: '2026-11-22T09:30:00.000Z',
    prior,
    ports: { files, memory: given.memory ?? openMemory(null).memory, archives: given.archives ?? archives },
    signal: { aborted: false },
  })
  if (seen === undefined) throw new Error('nothing was said')
  if (seen.state === 'seen') observationKinds['server-source'].facts.parse(seen.facts)
  return seen
}

async function copyIn(bytes: Uint8Array, given: Given = {}) {
  const seen = await look(bytes, given)
  const copy = seen.state === 'seen' ? seen.facts.copies[0] : undefined
  if (copy === undefined) throw new Error(JSON.stringify(seen))
  return copy
}

const node: Start = { Entrypoint: ['node', 'dist/index.js'], WorkingDir: '/app' }
const app = (index: string): TarPiece[] => [
  { path: 'app/package.json', content: manifest() },
  { path: 'app/dist/index.js', content: index },
  { path: 'app/node_modules/other/index.js', content: shell },
  { path: 'usr/lib/other/index.js', content: shell },
]

describe('the own source of a server in an image', () => {
  test('is followed where it does harm, in either form of archive; other packages in it are not', async () => {
    for (const bytes of [dockerSave([app(shell)], node), layoutTar(ociLayout([app(shell)], 'zstd', node))]) {
      const copy = await copyIn(bytes)
      expect(copy).toMatchObject({ package: 'notes-mcp', folder: '/app', files: 1, handlers: 1, notLooked: [] })
      expect(copy.sinks).toMatchObject([{ path: 'dist/index.js', line: 2, kind: 'command', tool: 'log' }])
    }
  })

  test('a list of arguments does none, nor does what a later layer takes away or writes over', async () => {
    const harmless = [
      [app(listed)],
      [app(shell), [{ path: 'app/dist/index.js', content: listed }]],
      [[...app(listed), { path: 'app/dist/old.js', content: shell }], [{ path: 'app/dist/.wh.old.js' }]],
    ]
    for (const layers of harmless)
      expect(await copyIn(dockerSave(layers, node))).toMatchObject({ handlers: 1, sinks: [], notLooked: [] })
  })

  const site = 'usr/local/lib/python3.12/site-packages'
  test.each<[string, Start, TarPiece[], string]>([
    [
      'a module beside it',
      { Cmd: ['python', '-m', 'notes.server'], WorkingDir: '/srv' },
      [{ path: 'srv/notes/server.py', content: tool }],
      'notes/server.py',
    ],
    [
      'a module below src',
      { Cmd: ['uv', 'run', '--no-sync', 'python', '-u', '-m', 'notes'], WorkingDir: '/srv' },
      [{ path: 'srv/src/notes/__main__.py', content: tool }],
      'notes/__main__.py',
    ],
    [
      'an installed module',
      { Cmd: ['python3', '-m', 'notes'] },
      [
        { path: `${site}/notes/tools.py`, content: tool },
        { path: `${site}/other/tools.py`, content: tool },
      ],
      'notes/tools.py',
    ],
    [
      'a console script',
      { Cmd: ['notes-mcp'] },
      [
        { path: 'usr/local/bin/notes-mcp', content: '#!/usr/bin/python\nfrom notes.server import main\nmain()\n' },
        { path: `${site}/notes/server.py`, content: tool },
      ],
      'notes/server.py',
    ],
    [
      'a script and what it loads',
      { Cmd: ['python', '/srv/main.py'] },
      [
        { path: 'srv/main.py', content: 'import tools\n' },
        { path: 'srv/tools.py', content: tool },
        { path: 'srv/other.py', content: tool },
      ],
      'tools.py',
    ],
    [
      'an npm script',
      { Cmd: ['npm', 'start'], WorkingDir: '/app' },
      [
        { path: 'app/package.json', content: manifest({ scripts: { start: 'node ./server.js' } }) },
        { path: 'app/server.js', content: shell },
      ],
      'server.js',
    ],
    [
      'a program of a global package',
      { Entrypoint: ['tini', '--', 'notes'] },
      [
        { path: 'usr/lib/node_modules/notes-mcp/package.json', content: manifest({ bin: { notes: 'cli.js' } }) },
        { path: 'usr/lib/node_modules/notes-mcp/cli.js', content: shell },
      ],
      'cli.js',
    ],
    [
      'a plain line for a shell',
      { Entrypoint: ['sh', '-c', 'exec node server.mjs'], WorkingDir: '/w' },
      [{ path: 'w/server.mjs', content: shell }],
      'server.mjs',
    ],
  ])('is found by what the image starts: %s', async (_name, start, layer, path) => {
    const seen = await look(dockerSave([layer], start))
    const sinks = seen.state === 'seen' ? seen.facts.copies.flatMap((copy) => copy.sinks.map((sink) => sink.path)) : []
    expect(sinks).toEqual([path])
  })

  test('words of the entry take the place of the image’s own', async () => {
    const layer = [
      { path: 'a.mjs', content: listed },
      { path: 'b.mjs', content: shell },
    ]
    const bytes = dockerSave([layer], { Cmd: ['node', '/a.mjs'] })
    expect((await copyIn(bytes)).package).toBe('a.mjs')
    expect((await copyIn(bytes, { words: ['acme/notes:1.0', 'node', '/b.mjs'] })).sinks).toHaveLength(1)
    const other = await look(bytes, { words: ['--entrypoint', 'sh', 'acme/notes:1.0'] })
    expect(other).toMatchObject({ state: 'unavailable', code: 'not-supported' })
  })

  test.each<[string, Start, string]>([
    ['nothing', {}, 'names nothing'],
    ['a script for a shell', { Cmd: ['sh', '-c', 'cd /x && node "$A"'] }, 'a line for a shell'],
    ['code in the command line', { Cmd: ['node', '-e', 'start()'] }, 'stands in its command line'],
    ['a file that is not there', { Cmd: ['node', '/gone.js'] }, 'is not in it'],
    ['a program', { Cmd: ['/server'] }, 'is not in it, or no script'],
    ['a module that is not there', { Cmd: ['python', '-m', 'gone'] }, 'module gone'],
    ['scripts that lead in a circle', { Cmd: ['npm', 'start'], WorkingDir: '/loop' }, 'leads on and on'],
    ['a path out of the root', { Cmd: ['node', '../../../../etc/passwd'] }, 'is not in it'],
  ])('is unknown with the reason where the image starts %s', async (_name, start, why) => {
    const layer = [{ path: 'loop/package.json', content: manifest({ scripts: { start: 'npm start' } }) }]
    const seen = await look(dockerSave([layer], start))
    expect(seen).toMatchObject({ state: 'unavailable', code: 'not-supported', reason: expect.stringContaining(why) })
  })

  test('a damaged archive is unavailable; what was read is remembered by its bytes', async () => {
    const bytes = dockerSave([app(shell)], node)
    expect(await look(bytes.slice(0, 900))).toMatchObject({ state: 'unavailable', code: 'malformed' })
    const { memory } = openMemory(null)
    let opened = 0
    const counting: ArchivesPort = {
      ...archives,
      unpack: (packed, most) => {
        opened += 1
        return archives.unpack(packed, most)
      },
    }
    const first = await copyIn(bytes, { memory, archives: counting, digest: 'a'.repeat(64) })
    const after = opened
    expect(after).toBeGreaterThan(0)
    expect(await copyIn(bytes, { memory, archives: counting, digest: 'a'.repeat(64) })).toEqual(first)
    expect(opened).toBe(after)
  })
})
