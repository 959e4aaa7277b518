import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { installedPackage } from '../servers/installed-package.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { type OnTerminal, onTerminal, type Typed } from '../terminal.ts'
import { asItsClient } from './as-its-client.ts'
import { cli, environmentOf, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'
import { verify } from './product.ts'

const name = '@modelcontextprotocol/server-filesystem'
const old = await installedPackage(name, '2025.3.28')
const works = old !== null && !('state' in (await sandboxHere()))
// A name of words and numbers: a path drawn at random would be hidden as a secret.
const root = join(tmpdir(), `upkeep-confine-${process.pid}`)
const docs = join(root, 'docs')
const file = join(root, '.cursor/mcp.json')
const profile = join(root, '.config/upkeep/confined/cursor.fs.json')
const config = `{
  // mine, and it stays
  "mcpServers": {
    "fs": { "command": "npx", "args": ["-y", "${name}@2025.3.28", "${docs}"], "note": 1 },
  }
}
`
const Changes = z.object({
  changes: z.array(
    z.object({ tests: z.array(z.object({ name: z.string(), outcome: z.string(), detail: z.string() })).nullable() }),
  ),
})
const Servers = z.object({
  servers: z.array(z.object({ name: z.string(), launches: z.string(), version: z.string() })),
})
const yes: Typed[] = [
  ['Run this in the sandbox', 'yes'],
  ['Approve:', 'yes'],
]

/** A folder beside the root whose name begins alike, and a link out of it: the two known escapes of this version. */
const escapes = { sibling: join(root, 'docs-not/outside.txt'), link: join(docs, 'link.txt') }
const read = (path: string) => ({ name: 'read_file', arguments: { path } })

describe.skipIf(!works)('a server is confined to what it uses (needs npm, and a sandbox)', () => {
  const place = newInstallation(root)
  const run = (...words: string[]) => upkeep(place, words)
  const golden = join(place.cwd, 'fs.golden.json')
  const said = (screen: string) => screen.replaceAll(/\s+/g, ' ')
  const asClient = (calls: Parameters<typeof asItsClient>[1]) => asItsClient(file, calls, environmentOf(place))
  let made: OnTerminal
  beforeAll(async () => {
    writeFiles(root, {
      '.cursor/mcp.json': config,
      'docs/note.txt': 'mine',
      'docs-not/outside.txt': 'canary beside',
      'elsewhere/outside.txt': 'canary behind a link',
    })
    symlinkSync(join(root, 'elsewhere/outside.txt'), escapes.link)
    cpSync(old ?? '', npxFolder(join(root, '.npm'), `${name}@2025.3.28`), { recursive: true, verbatimSymlinks: true })
    const call = (id: string, tool: string, args: object) => ({ id, tool, arguments: args })
    const calls = [
      call('allowed', 'list_allowed_directories', {}),
      call('list', 'list_directory', { path: '/data/roots/0' }),
    ]
    writeFileSync(golden, JSON.stringify({ format: 'upkeep-golden-calls/1', server: 'fs', calls }))
    writeFiles(place.cwd, {
      'upkeep.yaml': JSON.stringify({ version: 1, servers: [{ name: 'fs', goldenCalls: golden }] }),
    })
    expect((await run('accept', 'fs', '--run')).exitCode).toBe(0)
    expect((await run('golden', 'record', 'fs')).exitCode).toBe(0)
  })
  afterAll(() => {
    removeInstallation(place)
    rmSync(root, { recursive: true, force: true })
  })

  test('as it is declared it gives out what lies outside its folder', async () => {
    // Its launcher asks the registry.
    const env = environmentOf(place, environmentForNpm())
    const answers = await asItsClient(file, [read(escapes.sibling), read(escapes.link)], env)
    expect(answers.map(({ text }) => text)).toEqual(['canary beside', 'canary behind a link'])
  })

  test('what it would be left is shown in plain words, and nothing is written', async () => {
    const { stdout, exitCode } = await run('confine', 'fs', '--plan')
    expect(exitCode).toBe(0)
    const words = said(stdout)
    expect(words).toContain(`fs sees ${docs} (to read)`)
    expect(words).toContain('network: none')
    expect(words).toContain('seen: 2 golden calls of 2 of 11 tools; never called: create_directory')
    expect(words).toContain('started behind walls')
    expect(readFileSync(file, 'utf8')).toBe(config)
    expect(existsSync(profile)).toBe(false)
  })

  test('its calls pass behind the walls, the attacks that got through fail, and one yes puts them up', async () => {
    made = await onTerminal([process.execPath, cli, 'confine', 'fs'], {
      env: { ...environmentOf(place), NO_COLOR: '1' },
      cwd: place.cwd,
      types: yes,
    })
    expect(made.code, made.screen).toBe(0)
    const { changes } = Changes.parse(JSON.parse((await run('--json', 'changes', '--all')).stdout))
    const tests = Object.fromEntries((changes[0]?.tests ?? []).map((one) => [one.name, one]))
    expect(tests['fs: golden calls']).toMatchObject({ outcome: 'passed', detail: '2 recorded calls come to the same' })
    expect(tests['fs: attacks behind its walls']).toMatchObject({ outcome: 'passed' })
    expect(tests['fs: attacks behind its walls']?.detail).toMatch(
      /are stopped by them: (?=.*filesystem-prefix-sibling)(?=.*filesystem-symlink)(?=.*atom-way-through-a-link)/,
    )
    expect(tests['rollback rehearsed']).toMatchObject({ outcome: 'passed' })
  })

  test('through its entry as it now stands both escapes are BLOCKED, and its folder is read as before', async () => {
    const answers = await asClient([read(join(docs, 'note.txt')), read(escapes.sibling), read(escapes.link)])
    expect(answers.map(({ isError }) => isError)).toEqual([false, true, true])
    expect(answers[0]?.text).toBe('mine')
    expect(JSON.stringify(answers)).not.toContain('canary')
  })

  test('scans see the package behind the walls, say that it is confined, and prove it', async () => {
    await run('scan')
    const { servers } = Servers.parse(JSON.parse((await run('--json', 'servers')).stdout))
    expect(servers).toEqual([{ name: 'fs', launches: `${name}@2025.3.28 (confined)`, version: '2025.3.28' }])
    expect((await run('accept', 'fs', '--run')).exitCode).toBe(0)
    const { stdout } = await run('prove', 'fs')
    expect(stdout).toMatch(/BLOCKED[\s\S]*CVE-2025-53110/)
    expect(stdout).not.toContain('ESCAPED')
  })

  test('asked again there is nothing to do', async () => {
    expect(said((await run('confine', 'fs', '--plan')).stdout)).toContain('Nothing is to be done')
  })

  test('an altered profile, and another command line, start nothing', async () => {
    const kept = readFileSync(profile, 'utf8')
    writeFileSync(profile, kept.replace('"network":"none"', '"network":"open"'))
    await expect(asClient([read(join(docs, 'note.txt'))])).rejects.toThrow(/was altered since it was approved/)
    writeFileSync(profile, kept)
    const entry = readFileSync(file, 'utf8')
    writeFileSync(file, entry.replace(`"${docs}"`, `"${root}"`))
    await expect(asClient([read(join(docs, 'note.txt'))])).rejects.toThrow(/not the one that its walls were made for/)
    writeFileSync(file, entry)
  })

  test('undo gives the very bytes back, and the profile is gone', async () => {
    expect((await run('undo')).exitCode).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(config)
    expect(existsSync(profile)).toBe(false)
    expect((await verify(place)).exitCode).toBe(0)
  })

  test('a narrower folder and walls around it are one change', async () => {
    mkdirSync(join(docs, 'public'))
    const { stdout } = await run('confine', 'fs', '--arg', `3=${join(docs, 'public')}`, '--plan')
    expect(said(stdout)).toContain(`fs sees ${join(docs, 'public')} (to read)`)
    expect(said(stdout)).toContain(`argument 3, ${docs}, becomes ${join(docs, 'public')}`)
  })

  test('what keeps secrets is given to nobody', async () => {
    const { exitCode, stderr } = await run('confine', 'fs', '--read', join(root, '.ssh/id'))
    expect({ exitCode, stderr: said(stderr) }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('keeps secrets'),
    })
  })
})
