import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GoldenCalls } from '@upkeep/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { installedServer } from '../servers/installed-server.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'

const [old, now] = await Promise.all(['2025.7.1', '2026.8.31'].map((one) => installedServer('everything', one)))
const works = old != null && now != null && !('state' in (await sandboxHere()))
const tests = 'testing-procedures'
const Surface = z.object({
  tools: z.array(z.string()),
  changes: z.array(z.object({ kind: z.string(), of: z.string().nullable(), is: z.string() })),
})

describe.skipIf(!works)('what a server offers and answers, before and after (needs npm once, and a sandbox)', () => {
  const place = newInstallation()
  const golden = join(place.cwd, 'everything.golden.json')
  beforeAll(async () => {
    const entry = (script = '') => ({ command: 'node', args: [script, 'stdio'] })
    const servers = { before: entry(old?.script), after: entry(now?.script) }
    writeFiles(place.home, { '.cursor/mcp.json': JSON.stringify({ mcpServers: servers }) })
    const file = {
      version: 1,
      servers: [{ name: 'after', goldenCalls: golden }],
      duties: { [tests]: { adopted: true } },
    }
    writeFiles(place.cwd, { 'upkeep.yaml': JSON.stringify(file) })
    for (const name of Object.keys(servers)) expect((await run('accept', name, '--run')).exitCode).toBe(0)
  })
  afterAll(() => removeInstallation(place))
  const run = (...words: string[]) => upkeep(place, words)

  test('nothing is recorded of a server that nobody let be run', async () => {
    const other = newInstallation(place.home)
    const { exitCode, stderr } = await upkeep(other, ['golden', 'record', 'before', '--out', 'no.json'])
    removeInstallation(other)
    expect({ exitCode, said: stderr }).toEqual({ exitCode: 2, said: expect.stringContaining('may not be run') })
  })

  test('calls are recorded, and the same bytes come to them again', async () => {
    expect((await run('golden', 'record', 'before', '--out', golden)).exitCode).toBe(0)
    const { calls, tools } = GoldenCalls.parse(JSON.parse(readFileSync(golden, 'utf8')))
    const echo = calls.find(({ tool }) => tool === 'echo')
    expect(echo).toMatchObject({ expect: { kind: 'result', text: 'Echo: upkeep' }, textMayDiffer: false })
    expect(tools?.map(({ name }) => name)).toEqual(expect.arrayContaining(['printEnv', 'add']))
  })

  test('the surfaces differ by meaning, and tools that were renamed are named', async () => {
    const { stdout } = await run('--json', 'surface', 'after', '--against', 'before', '--save', 'after.json')
    const { changes } = Surface.parse(JSON.parse(stdout))
    const renamed = changes
      .filter(({ kind }) => kind === 'tool-renamed')
      .map(({ of, is }) => `${of} ${is.split(' ')[0]}`)
    expect(renamed).toEqual(expect.arrayContaining(['printEnv get-env', 'add get-sum']))
    const same = await run('--json', 'surface', 'after', '--against', 'after.json')
    expect(Surface.parse(JSON.parse(same.stdout)).changes).toEqual([])
  })

  test('tests of the new bytes name the calls that no longer work, with the likely new names', async () => {
    await run('prove', 'after')
    const { stdout } = await run('--json', 'findings', 'after', '--fail-on', 'never')
    expect(stdout).toMatch(/\(printEnv\): missing-tool[^\n]{0,300}likely get-env now/)
    expect(stdout).toMatch(/\(add\): missing-tool[^\n]{0,300}likely get-sum now/)
  })
})
