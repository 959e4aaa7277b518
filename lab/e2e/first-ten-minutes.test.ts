import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { treeDigest } from '@upkeep/app/practice/tree-digest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { installedPackage } from '../servers/installed-package.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { type OnTerminal, onTerminal, type Typed } from '../terminal.ts'
import { cli, decide, environmentOf, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { environmentForNpm } from './npm-environment.ts'
import { verify } from './product.ts'

const name = '@modelcontextprotocol/server-filesystem'
const old = await installedPackage(name, '2025.3.28')
const works = old !== null && !('state' in (await sandboxHere()))
// A name of words and numbers: a path drawn at random would be hidden as a secret.
const root = join(tmpdir(), `upkeep-first-${process.pid}`)
const config = `{
  // mine, and it stays
  "mcpServers": {
    "fs": { "command": "npx", "args": ["-y", "${name}@2025.3.28", "${root}/docs"], "note": 1 },
  }
}
`
const Changes = z.object({
  changes: z.array(
    z.object({
      id: z.string(),
      outcome: z.string().nullable(),
      plan: z.object({ inputs: z.array(z.object({ integrity: z.string().optional() })) }),
      tests: z.array(z.object({ name: z.string(), outcome: z.string(), detail: z.string() })),
      assessment: z.object({ risk: z.string(), sheet: z.string() }),
    }),
  ),
  sheet: z.object({ inWords: z.string() }).nullable(),
})
const asked: Typed[] = [
  ['Run this in the sandbox', 'yes'],
  ['Approve:', 'yes'],
]

describe.skipIf(!works)('the first ten minutes with a laptop (needs npm, and a sandbox)', () => {
  const place = newInstallation(root)
  const file = join(root, '.cursor/mcp.json')
  const tree = (version: string) => join(npxFolder(join(root, '.npm'), `${name}@${version}`), 'node_modules')
  const env = environmentForNpm()
  const run = (...words: string[]) => upkeep(place, words, { env })
  const atTerminal = (words: readonly string[], types: readonly Typed[], over: Readonly<Record<string, string>>) =>
    onTerminal([process.execPath, cli, ...words], {
      env: { ...environmentOf(place, over), NO_COLOR: '1' },
      cwd: place.cwd,
      types,
    })
  let fixed: OnTerminal
  let before: string | null
  beforeAll(() => {
    writeFiles(root, { '.cursor/mcp.json': config, 'docs/note.txt': 'mine' })
    chmodSync(file, 0o600)
    cpSync(old ?? '', join(tree('2025.3.28'), '..'), { recursive: true, verbatimSymlinks: true })
    before = treeDigest(tree('2025.3.28'))
  })
  afterAll(() => {
    removeInstallation(place)
    rmSync(root, { recursive: true, force: true })
  })

  test('a scan starts nothing, and a proof shows what was found: ESCAPED', async () => {
    const { stdout } = await run('scan', '--online')
    expect(stdout).toMatch(/nothing was started/)
    expect(stdout).toContain('CVE-2025-53110')
    expect((await run('accept', 'fs', '--run')).exitCode).toBe(0)
    expect((await run('prove', 'fs')).stdout).toMatch(/ESCAPED[\s\S]*CVE-2025-53110/)
    expect((await run('baseline', 'accept', 'fs', '--reason', 'as it was found')).exitCode).toBe(0)
  })

  test('a version that is passed over is not proposed again, and another one is at once', async () => {
    const Plan = z.object({ plan: z.object({ inputs: z.array(z.looseObject({ to: z.string() })) }) })
    const proposed = async () => {
      const { stdout } = await run('fix', 'fs', '--plan', '--json')
      return Plan.parse(JSON.parse(stdout)).plan.inputs.map(({ to }) => to)
    }
    expect(await proposed()).toEqual(['2.0.1'])
    await run('fix', 'fs', '--skip', '2.0.1', '--until', '30d', '--reason', 'It breaks our paths')
    const other = await proposed()
    expect(other).toEqual([expect.stringMatching(/^\d+\./)])
    expect(other).not.toEqual(['2.0.1'])
    await run('fix', 'fs', '--skip', '2.0.1', '--withdraw')
    expect(await proposed()).toEqual(['2.0.1'])
  })

  test('the fix says which version and why not the latest, the runtime, the tools, and the way back; one yes makes it', async () => {
    fixed = await atTerminal(['fix', 'fs', '--online'], asked, env)
    expect(fixed.code, fixed.screen).toBe(0)
    const said = fixed.screen.replaceAll(/\s+/g, ' ')
    expect(said).toContain(`+${name}@2.0.1`)
    expect(said).toContain("the registry's latest, 2026.8.31, is still affected by UPKEEP-2026-0001")
    expect(said).toContain('needs Node >=24')
    expect(said).toMatch(/offers in addition: list_directory_with_sizes, read_media_file, read_text_file/)
    expect(said).toMatch(/undo upkeep undo [0-9a-f-]{36}: the very same bytes/)
    expect(said).toContain('4 of 4 findings are seen to be closed')
    expect(readFileSync(file, 'utf8')).toBe(config.replace('@2025.3.28', '@2.0.1'))
  })

  test('exact bytes, both eras, tools, attacks, resources and the way back were tested before anybody was asked', async () => {
    const { changes } = Changes.parse(JSON.parse((await run('--json', 'changes', '--all')).stdout))
    const [change] = changes
    const outcomes = Object.fromEntries((change?.tests ?? []).map((one) => [one.name, one.outcome]))
    expect(outcomes).toEqual({
      'fs: exact bytes': 'passed',
      'rollback rehearsed': 'passed',
      'fs: way back': 'passed',
      'fs: starts': 'passed',
      'fs: runs on': 'passed',
      'fs: surface': 'passed',
      'fs: golden calls': 'not-run',
      'fs: probes': 'passed',
      'fs: controls': 'passed',
      'fs: resources': 'passed',
      'fs: runtime': 'passed',
    })
    expect(change?.plan.inputs[0]?.integrity).toMatch(/^sha512-/)
    const shown = Changes.parse(JSON.parse((await run('--json', 'changes', change?.id ?? '')).stdout))
    expect(shown.sheet?.inWords).toContain('fs closes GHSA-hc55-p739-j48w')
  })

  test('the escape is BLOCKED when the entry is started as it now stands in the file', async () => {
    const { stdout } = await run('prove', 'fs', '--recorded')
    expect(stdout).toMatch(/BLOCKED[\s\S]*CVE-2025-53110/)
    expect(stdout).not.toContain('ESCAPED')
    expect(treeDigest(tree('2.0.1'))).not.toBeNull()
  })

  test('its added tools and changed texts have to be approved again, by a person', async () => {
    expect(fixed.screen.replaceAll(/\s+/g, ' ')).toContain('what fs offers to models is not what was approved')
    const open = async () => (await run('--json', 'findings', 'fs', '--fail-on', 'never')).stdout
    const before = await open()
    expect(before).toContain('tools-changed')
    expect(before).toContain('tool-added read_media_file')
    expect(before).toContain('description-changed read_file')
    const alone = await run('baseline', 'accept', 'fs', '--reason', 'nobody read it')
    expect(`${alone.exitCode} ${alone.stderr}`).toMatch(/^2 [\s\S]*proof that a person was there/)
    expect((await decide(place, ['baseline', 'accept', 'fs', '--reason', 'read: moved to 2.0.1'])).code).toBe(0)
    await run('prove', 'fs')
    expect(await open()).not.toContain('tools-changed')
  })

  test('asked again there is nothing to do', async () => {
    const { stderr, stdout, exitCode } = await run('fix', 'fs', '--plan')
    expect(exitCode).toBe(2)
    expect(`${stdout}${stderr}`).toMatch(/Nothing named can be fixed|No open finding/)
  })

  test('undo gives the very same bytes back, and what is wrong again is open again and asks for a day', async () => {
    const { stdout } = await run('undo')
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/4 findings are open again: accept each until a day/)
    expect(readFileSync(file, 'utf8')).toBe(config)
    expect(treeDigest(tree('2025.3.28'))).toBe(before)
    expect(treeDigest(tree('2.0.1'))).toBeNull()
    expect((await run('findings', 'fs', '--fail-on', 'never')).stdout).toContain('CVE-2025-53110')
  })

  test('with the registry gone it is made again from what was kept; what somebody else wrote since is kept, and it is said', async () => {
    const away = { npm_config_registry: 'http://127.0.0.1:9' }
    const again = await atTerminal(['fix', 'fs'], asked.slice(1), away)
    expect(again.code, again.screen).toBe(0)
    const theirs = readFileSync(file, 'utf8').replace('"note": 1', '"note": 2')
    writeFileSync(file, theirs)
    expect((await run('undo')).stdout.replaceAll(/\s+/g, ' ')).toContain('what others wrote since was kept')
    expect(readFileSync(file, 'utf8')).toBe(config.replace('"note": 1', '"note": 2'))
    expect((await verify(place)).exitCode).toBe(0)
  })
})
