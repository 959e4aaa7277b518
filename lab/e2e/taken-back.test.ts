import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { treeDigest } from '@upkeep/app/practice/tree-digest'
import { type NpmRegistry, startNpmRegistry } from '@upkeep/app/vet/testing/npm-registry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../fleet/run-command.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { onTerminal } from '../terminal.ts'
import { cli, environmentOf, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { verify } from './product.ts'
import { filesServer, notesServer } from './young-servers.ts'

const isolates = !('state' in (await sandboxHere()))
const files = '@modelcontextprotocol/server-filesystem'
// A name of words and numbers: a path drawn at random would be hidden as a secret.
const root = join(tmpdir(), `upkeep-back-${process.pid}`)
const config = `{
  // mine, and it stays
  "mcpServers": {
    "notes": { "command": "npx", "args": ["-y", "notes-server@1.0.0"] },
    "fs": { "command": "npx", "args": ["-y", "${files}@2025.3.28", "${root}/docs"] }
  }
}
`
const Test = z.object({ name: z.string(), outcome: z.string(), detail: z.string() })
const Changes = z.object({
  changes: z.array(
    z.object({
      id: z.string(),
      outcome: z.string().nullable(),
      appliedAt: z.string().nullable(),
      closedAt: z.string().nullable(),
      tests: z.array(Test),
    }),
  ),
})

describe.skipIf(!isolates)('an update that fails once it is in place (needs a sandbox)', () => {
  const place = newInstallation(root)
  const file = join(root, '.cursor/mcp.json')
  const key = join(root, 'person')
  const tree = (request: string) => join(npxFolder(join(root, '.npm'), request), 'node_modules')
  let registry: NpmRegistry
  let away: Record<string, string> = {}
  const run = (...words: string[]) => upkeep(place, words, { env: away })

  beforeAll(async () => {
    registry = await startNpmRegistry([...notesServer, ...filesServer])
    away = { npm_config_registry: registry.url, npm_config_userconfig: join(root, 'no-npmrc') }
    writeFiles(root, { '.cursor/mcp.json': config, 'docs/note.txt': 'mine' })
    for (const request of ['notes-server@1.0.0', `${files}@2025.3.28`]) {
      mkdirSync(join(tree(request), '..'), { recursive: true })
      writeFiles(join(tree(request), '..'), { 'package.json': '{}' })
      const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(root, 'cache'), request]
      await runCommand('npm', words, join(tree(request), '..'), { ...environmentOf(place, away) })
    }
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', key])
    await run('scan', '--online')
    // Every version is fetched while there is a registry; what was fetched then lies there when the change is made.
    for (const version of ['1.2.0', '1.3.0', '1.4.0', '1.5.0'])
      await run('fix', 'notes', '--to', version, '--online', '--plan')
    await run('fix', 'fs', '--online', '--plan')
    anHourOld(join(place.stateDir, 'candidates'))
    await registry.close()
  })
  afterAll(() => {
    removeInstallation(place)
    rmSync(root, { recursive: true, force: true })
  })

  async function fix(...words: string[]) {
    const types = [
      ['Run this in the sandbox', 'yes'],
      ['Approve:', 'yes'],
      ['passphrase', 'open sesame'],
      ['passphrase', 'open sesame'],
    ] as const
    const env = { ...environmentOf(place, away), NO_COLOR: '1' }
    const command = [process.execPath, cli, 'fix', ...words, '--key', key]
    const { code, screen } = await onTerminal(command, { env, cwd: place.cwd, types })
    const { changes } = Changes.parse(JSON.parse((await run('--json', 'changes', '--all')).stdout))
    return {
      code,
      said: screen.replaceAll(/\s+/g, ' '),
      change: changes.find(({ id }) => screen.includes(id)) ?? changes[0],
    }
  }

  test.each([
    ['dies some seconds after it has answered', '1.2.0', 'it answered, and within 5 seconds it ended with 3'],
  ])('one that %s is taken back by itself within a minute, with the registry gone', async (_name, version, why) => {
    const before = treeDigest(tree('notes-server@1.0.0'))
    const { code, said, change } = await fix('notes', '--to', version)
    expect(code, said).toBe(1)
    expect(said).toContain(`notes does not run through its entry as it now stands: ${why}`)
    expect(change?.outcome).toBe('rolled-back')
    const seconds = (Date.parse(change?.closedAt ?? '') - Date.parse(change?.appliedAt ?? '')) / 1_000
    expect(seconds).toBeLessThan(60)
    expect(readFileSync(file, 'utf8')).toBe(config)
    expect(treeDigest(tree('notes-server@1.0.0'))).toBe(before)
    expect(treeDigest(tree(`notes-server@${version}`))).toBeNull()
  })

  test.each([
    ['dies young wherever it runs', '1.3.0', 'runs on', /^it answered, and within 5 seconds it ended with 3$/],
    [
      'loses a control',
      '1.5.0',
      'controls',
      /^lost: A tool that is not offered \("debug" is not offered and was served\)/,
    ],
  ])('one that %s is not put in place at all', async (_name, version, which, why) => {
    const { code, said, change } = await fix('notes', '--to', version)
    expect(code, said).toBe(2)
    expect(said).not.toContain('Approve:')
    const found = change?.tests.find(({ name }) => name === `notes: ${which}`)
    expect(found).toEqual({ name: `notes: ${which}`, outcome: 'failed', detail: expect.stringMatching(why) })
    await run('changes', change?.id ?? '', '--abandon')
    expect(readFileSync(file, 'utf8')).toBe(config)
  })

  test('an attack that gets through the entry as it now stands takes it back, sealed and told; the finding stays open', async () => {
    const { code, said, change } = await fix('fs')
    expect(code, said).toBe(1)
    expect(change?.tests).toContainEqual(expect.objectContaining({ name: 'fs: probes', outcome: 'passed' }))
    expect(said).toMatch(/fs, through its entry as it now stands: ESCAPED: filesystem-[a-z-]+, CVE-2025-531\d{2}/)
    expect(change?.outcome).toBe('rolled-back')
    expect(readFileSync(file, 'utf8')).toBe(config)
    expect(treeDigest(tree(`${files}@2.0.1`))).toBeNull()
    expect((await run('findings', 'fs', '--fail-on', 'never')).stdout).toContain('CVE-2025-53110')
    expect((await verify(place)).exitCode).toBe(0)
  })

  test('one that runs on stays, and that its Node is too old was said before', async () => {
    const { code, said, change } = await fix('notes', '--to', '1.4.0')
    expect(said.split('Approve:')[0]).toMatch(
      /it needs Node >=99, and here is \d+\.\d+\.\d+: below what its makers stand for/,
    )
    expect({ code, outcome: change?.outcome }, said).toEqual({ code: 0, outcome: 'done' })
    expect(readFileSync(file, 'utf8')).toBe(config.replace('notes-server@1.0.0', 'notes-server@1.4.0'))
  })
})

function anHourOld(folder: string): void {
  const then = new Date(Date.now() - 3_600_000)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then, then)
}
