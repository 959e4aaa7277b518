import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { decide, type Installation, newInstallation, removeInstallation, upkeep } from './installation.ts'
import { said, scan } from './product.ts'
import { storedFindings } from './state-database.ts'

const server = 'node_modules/@modelcontextprotocol/server-filesystem'
const duty = 'configuration-drift-detection'

/** The difference is of severity high, and takes a person. */
const canDecide = ['script', 'ssh-keygen'].every((tool) => spawnSync(tool, ['--version']).error === undefined)

let installation: Installation
let config: string
let tree: string
let approvedText: string

beforeAll(async () => {
  installation = newInstallation()
  tree = copyTree(inject('fleet').home, installation.home)
  config = join(installation.home, '.config', 'Claude', 'claude_desktop_config.json')
  mkdirSync(dirname(config), { recursive: true })
  approvedText = `${JSON.stringify({ mcpServers: { fs: entry(['/srv/data']) } }, null, 2)}\n`
  writeFileSync(config, approvedText, { mode: 0o600 })
  await scan(installation)
  await succeed(['baseline', 'accept', '--reason', 'first state'])
})
afterAll(() => removeInstallation(installation))

function entry(roots: readonly string[]) {
  return {
    command: 'npx',
    args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', ...roots],
    env: { LEVEL: 'info' },
  }
}

/** The tree that npx made of the version, as it lies in the reference fleet. */
function copyTree(from: string, home: string): string {
  const caches = join(from, '.npm', '_npx')
  const key = readdirSync(caches).find((name) => versionIn(join(caches, name)) === '2025.3.28')
  if (key === undefined) throw new Error('the reference fleet has no tree of server-filesystem 2025.3.28')
  const copy = join(home, '.npm', '_npx', key)
  cpSync(join(caches, key), copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  return copy
}

function versionIn(cache: string): string | null {
  try {
    return String(JSON.parse(readFileSync(join(cache, server, 'package.json'), 'utf8')).version)
  } catch {
    return null
  }
}

async function succeed(args: readonly string[]): Promise<void> {
  const result = await upkeep(installation, args)
  if (result.exitCode !== 0) throw new Error(said(result))
}

/** The rules of drift that are open after another scan. */
async function drift(): Promise<string[]> {
  await scan(installation)
  const newest = new Map(storedFindings(installation).map((finding) => [finding.statement.fingerprint, finding]))
  const open = [...newest.values()].filter((finding) => finding.statement.duty === duty && finding.state !== 'resolved')
  return open.map((finding) => finding.statement.rule).sort()
}

test('the approved state is no drift, nor is the same state written otherwise', async () => {
  expect(await drift()).toEqual([])
  const { command, args, env } = entry(['/srv/data'])
  writeFileSync(config, JSON.stringify({ mcpServers: { fs: { env, args, command } } }))
  expect(await drift()).toEqual([])
})

test('one more root in the arguments is drift until it is taken back', async () => {
  writeFileSync(config, JSON.stringify({ mcpServers: { fs: entry(['/srv/data', '/']) } }))
  expect(await drift()).toEqual(['start-changed'])
  writeFileSync(config, approvedText)
  expect(await drift()).toEqual([])
})

test('one byte in an installed file is drift, although version and time of change are the same', async () => {
  const file = join(tree, server, 'dist', 'index.js')
  const before = statSync(file)
  const text = readFileSync(file)
  appendFileSync(file, ' ')
  utimesSync(file, before.atime, before.mtime)
  expect(await drift()).toEqual(['bytes-changed'])
  writeFileSync(file, text)
  expect(await drift()).toEqual([])
})

test.skipIf(!canDecide)('another version in the cache is drift, and an approved change is none', async () => {
  const manifest = join(tree, server, 'package.json')
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, text.replace('"2025.3.28"', '"2026.8.31"'))
  expect(await drift()).toContain('version-changed')
  const decided = await decide(installation, ['baseline', 'accept', 'fs', '--reason', 'moved on purpose'])
  expect(decided).toMatchObject({ code: 0 })
  expect(await drift()).toEqual([])
})
