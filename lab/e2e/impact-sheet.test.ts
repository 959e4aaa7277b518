import { cpSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { installedPackage } from '../servers/installed-package.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { onTerminal } from '../terminal.ts'
import { cli, environmentOf, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'

const name = '@modelcontextprotocol/server-filesystem'
const old = await installedPackage(name, '2026.8.31')
const works = old !== null && !('state' in (await sandboxHere()))
// A name of words and numbers: a path drawn at random would be hidden as a secret.
const root = join(tmpdir(), `upkeep-sheet-${process.pid}`)
const Listed = z.object({ changes: z.array(z.object({ id: z.string() })) })
const Test = z.object({ name: z.string(), outcome: z.string() })
const Shown = z.object({ sheet: ImpactSheet, changes: z.array(z.object({ tests: z.array(Test) })) })
const All = z.object({ changes: z.array(z.object({ outcome: z.string().nullable() })) })

describe.skipIf(!works)('the impact sheet of a real update, 2026.8.31 to 2.0.1 (needs npm, and a sandbox)', () => {
  const place = newInstallation(root)
  const env = environmentForNpm()
  const run = (...words: string[]) => upkeep(place, words, { env })
  beforeAll(() => {
    const entry = { command: 'npx', args: ['-y', `${name}@2026.8.31`, join(root, 'docs')] }
    writeFiles(root, {
      '.cursor/mcp.json': JSON.stringify({ mcpServers: { fs: entry } }, null, 2),
      'docs/note.txt': 'mine',
    })
    cpSync(old ?? '', npxFolder(join(root, '.npm'), `${name}@2026.8.31`), { recursive: true, verbatimSymlinks: true })
  })
  afterAll(() => {
    removeInstallation(place)
    rmSync(root, { recursive: true, force: true })
  })

  /** Plans it, lets it be tried, and does not approve it. */
  async function planned(types: readonly (readonly [string, string])[], words = ['--to', '2.0.1']) {
    const { screen } = await onTerminal([process.execPath, cli, 'fix', 'fs', ...words, '--online'], {
      env: { ...environmentOf(place, env), NO_COLOR: '1' },
      cwd: place.cwd,
      types: types.map(([asks, says]) => [asks, says]),
    })
    const [change] = Listed.parse(JSON.parse((await run('--json', 'changes')).stdout)).changes
    if (change === undefined) throw new Error(screen)
    const { sheet, changes } = Shown.parse(JSON.parse((await run('--json', 'changes', change.id)).stdout))
    expect((await run('changes', change.id, '--abandon')).exitCode).toBe(0)
    return { sheet, tests: changes[0]?.tests ?? [], screen: screen.replaceAll(/\s+/g, ' ') }
  }

  test('no change of tools, another runtime floor, fewer vulnerabilities', async () => {
    await run('scan', '--online')
    expect((await run('accept', 'fs', '--run')).exitCode).toBe(0)
    const { sheet } = await planned([
      ['Run this in the sandbox', 'yes'],
      ['Approve:', 'no'],
    ])
    const [server, ...others] = sheet.servers
    expect(others).toEqual([])
    expect(server).toMatchObject({
      is: 'changed',
      surface: { state: 'compared', was: 14, is: 14, changes: [] },
      roots: { added: [], removed: [] },
      variables: { added: [], removed: [] },
      runtime: { is: '>=24' },
      advisories: { opened: [] },
    })
    expect(server?.runtime.was).not.toBe('>=24')
    expect(server?.advisories.closed).toContain('UPKEEP-2026-0001')
    expect(sheet.newCombinations).toEqual([])
    expect(sheet.inWords).toContain('fs offers exactly what it offered.')
  })

  test('what was planned without the registry is planned anew with it: why not the latest, and tried, once for all clients that start the same', async () => {
    cpSync(join(root, '.cursor/mcp.json'), join(root, '.codeium/windsurf/mcp_config.json'))
    await run('scan')
    expect((await run('fix', 'fs')).stderr).toContain('waits for the approval of a person')
    const { sheet, screen, tests } = await planned(
      [
        ['Run this in the sandbox', 'yes'],
        ['Approve:', 'no'],
      ],
      [],
    )
    expect(screen).not.toContain('obtainability not checked')
    expect(screen).toMatch(
      /needs Node >=24[\s\S]*its exact bytes: sha512-|its exact bytes: sha512-[\s\S]*needs Node >=24/,
    )
    expect(sheet.servers.map(({ client, surface }) => [client, surface.state])).toEqual([
      ['cursor', 'compared'],
      ['windsurf', 'compared'],
    ])
    expect(tests.filter(({ name }) => name === 'fs: starts')).toEqual([{ name: 'fs: starts', outcome: 'passed' }])
    expect(screen.match(/fs, as it would be/g)).toHaveLength(1)
    // The one that was overtaken, and this one.
    const { changes } = All.parse(JSON.parse((await run('--json', 'changes', '--all')).stdout))
    expect(changes.map(({ outcome }) => outcome).slice(0, 2)).toEqual(['abandoned', 'abandoned'])
  })
})
