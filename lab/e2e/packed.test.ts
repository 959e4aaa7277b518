import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation, repository, upkeep } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'
import { packedProduct } from './packed-product.ts'
import { doneCodes, said } from './product.ts'

/** What `npx mcp-upkeep` may put on a disk. */
const installBudgetBytes = 60_000_000

const root = mkdtempSync(join(tmpdir(), 'upkeep-packed-'))
let tarball: string
let installation: Installation
beforeAll(async () => {
  installation = newInstallation(inject('fleet').home)
  tarball = (await packedProduct()).tarball
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
  removeInstallation(installation)
})

/** npx of the tarball, from a folder that has nothing to do with the repository, with an npm cache of its own. */
function npx(args: readonly string[]) {
  const command = [
    'npm',
    'exec',
    '--yes',
    '--ignore-scripts',
    '--cache',
    join(root, 'npm-cache'),
    `--package=${tarball}`,
    '--',
    'upkeep',
  ]
  return upkeep(installation, args, { command, env: environmentForNpm() })
}

test('npx of the tarball says its version', async () => {
  const result = await npx(['--version'])
  expect(result.exitCode, said(result)).toBe(0)
  expect(result.stdout.trim()).toMatch(/^(mcp-upkeep |upkeep )?\d+\.\d+\.\d+/)
})

test('npx of the tarball scans the reference home, and the evidence verifies', async () => {
  const scanned = await npx(['scan'])
  expect(doneCodes, said(scanned)).toContain(scanned.exitCode)
  expect(scanned.stdout).toContain('fs')
  const verified = await npx(['verify'])
  expect(verified.exitCode, said(verified)).toBe(0)
})

test('what is installed stays within its budget', () => {
  const folder = join(root, 'npm-cache', '_npx')
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  console.log(`installed size: ${(bytes / 1e6).toFixed(1)} MB (budget ${installBudgetBytes / 1e6} MB)`)
  expect(bytes).toBeGreaterThan(100_000)
  expect(bytes).toBeLessThan(installBudgetBytes)
})

/** A Node older than the one we need, where this machine has one on PATH. */
const olderNode = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'node'))
  .find((path) => {
    const version = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout ?? ''
    return Number(version.split('.')[0]) > 0 && Number(version.split('.')[0]) < 24
  })

describe.skipIf(olderNode === undefined)('under an older Node (needs one on PATH)', () => {
  test('it says what to do', async () => {
    const command = [olderNode ?? '', join(repository, 'dist', 'bin', 'upkeep.js')]
    const result = await upkeep(installation, ['scan'], { command })
    expect(result.exitCode).toBe(2)
    expect(result.stderr).toMatch(/Node(\.js)? 24/)
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })
})
