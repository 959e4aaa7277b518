import { cpSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installedPackage } from '../servers/installed-package.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { onTerminal } from '../terminal.ts'
import { cli, decide, environmentOf, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'

const name = '@modelcontextprotocol/server-everything'
const old = await installedPackage(name, '2025.7.1')
const works = old !== null && !('state' in (await sandboxHere()))
// A name of words and numbers: a path drawn at random would be hidden as a secret.
const root = join(tmpdir(), `upkeep-stopped-${process.pid}`)

describe.skipIf(!works)('an update that breaks what is called (needs npm, and a sandbox)', () => {
  const place = newInstallation(root)
  const env = environmentForNpm()
  const golden = join(place.cwd, 'everything.golden.json')
  const run = (...words: string[]) => upkeep(place, words, { env })
  beforeAll(() => {
    const entry = { command: 'npx', args: ['-y', `${name}@2025.7.1`] }
    writeFiles(root, { '.cursor/mcp.json': JSON.stringify({ mcpServers: { everything: entry } }, null, 2) })
    writeFiles(place.cwd, {
      'upkeep.yaml': JSON.stringify({ version: 1, servers: [{ name: 'everything', goldenCalls: golden }] }),
    })
    cpSync(old ?? '', npxFolder(join(root, '.npm'), `${name}@2025.7.1`), { recursive: true, verbatimSymlinks: true })
  })
  afterAll(() => {
    removeInstallation(place)
    rmSync(root, { recursive: true, force: true })
  })

  test('it stops before it is deployed, and names the calls that no longer work', async () => {
    const before = readFileSync(join(root, '.cursor/mcp.json'), 'utf8')
    expect((await run('accept', 'everything', '--run')).exitCode).toBe(0)
    expect((await run('golden', 'record', 'everything', '--out', golden)).exitCode).toBe(0)
    const { code, screen } = await onTerminal(
      [process.execPath, cli, 'fix', 'everything', '--to', '2026.8.31', '--online'],
      {
        env: { ...environmentOf(place, env), NO_COLOR: '1' },
        cwd: place.cwd,
        types: [['Run this in the sandbox', 'yes']],
      },
    )
    const said = screen.replaceAll(/\s+/g, ' ')
    expect(code, screen).toBe(2)
    expect(said).toContain('printEnv: missing-tool, likely get-env now')
    expect(said).toContain('add: missing-tool, likely get-sum now')
    expect(said).not.toContain('Approve:')
    expect(readFileSync(join(root, '.cursor/mcp.json'), 'utf8')).toBe(before)
  })

  test('it is approved in spite of them only by a signed waiver that names them and says why', async () => {
    const { changes } = JSON.parse((await run('changes', '--json')).stdout)
    const id: string = changes[0].id
    const waive = ['approve', id, '--waive', 'everything: golden calls']
    expect((await run('approve', id)).stderr).toContain('waits for the approval of a person')
    expect((await run(...waive)).stderr).toContain('waived with a reason')
    const given = await decide(place, [...waive, '--reason', 'the agents call get-env from today on'])
    expect(given.code, given.screen).toBe(0)
    const why = 'the old version has a weakness that the new one closes'
    expect((await run('changes', '--justify', id, '--reason', why)).exitCode).toBe(0)
    const after = JSON.parse((await run('changes', id, '--json')).stdout).changes[0]
    expect(after.approvals).toMatchObject([
      {
        waives: ['everything: golden calls'],
        reason: 'the agents call get-env from today on',
        signer: { presence: 'ssh-key' },
      },
    ])
    expect(after.heldBy).toBeNull()
    expect((await run('verify')).exitCode).toBe(0)
    const document = (await run('changes', id, '--document')).stdout
    expect(document).toMatch(/In spite of[^\n]*golden calls/)
  })
})
