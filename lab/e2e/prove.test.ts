import { appendFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerProbes } from '@upkeep/contract/observations/server-probes'
import { escapes } from '@upkeep/engine/sandbox/escapes'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { canaryToken } from '../fleet/home-files.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { leaksIn } from './canaries.ts'
import { type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { allStoredText } from './state-database.ts'

const isolates = !('state' in (await sandboxHere()))
const Output = z.object({
  servers: z.array(
    z.object({ subject: z.object({ name: z.string() }), proven: ServerProbes.nullable(), reason: z.string() }),
  ),
})

const Doctor = z.object({ lines: z.array(z.object({ about: z.string(), state: z.string(), detail: z.string() })) })
const Statement = z.object({ rule: z.string(), facts: z.object({ control: z.string().optional() }) })
const Findings = z.object({ findings: z.array(z.object({ finding: z.object({ statement: Statement }) })) })

async function prove(installation: Installation, ...words: string[]) {
  const { stdout, stderr, exitCode } = await upkeep(installation, ['--json', 'prove', ...words])
  const said = `${stdout}${stderr}`
  return { exitCode, said, servers: exitCode === 2 ? [] : Output.parse(JSON.parse(stdout)).servers }
}

describe.skipIf(!isolates)(isolates ? 'upkeep prove' : 'upkeep prove (skipped: no sandbox here)', () => {
  let installation: Installation
  beforeAll(() => {
    installation = newInstallation(inject('fleet').home)
  })
  afterAll(() => removeInstallation(installation))

  test('nothing is started that nobody let be run: the exact line is named, and what to do', async () => {
    const { exitCode, said } = await prove(installation, 'fs')
    expect(exitCode).toBe(2)
    expect(said).toMatch(/would start: npx -y @modelcontextprotocol\/server-filesystem@2025\.3\.28 /)
    expect(said).toContain('upkeep accept fs --run')
  })

  test('the old version ESCAPED and the newer one is BLOCKED, with what was said', async () => {
    for (const name of ['fs', 'root_files'])
      expect((await upkeep(installation, ['accept', name, '--run'])).exitCode).toBe(0)
    const { exitCode, servers } = await prove(installation, '--all')
    expect(exitCode).toBe(1)
    const outcomes = (name: string) =>
      Object.fromEntries(
        (servers.find(({ subject }) => subject.name === name)?.proven?.results ?? []).map((one) => [
          one.probe,
          one.outcome,
        ]),
      )
    expect(outcomes('fs')).toMatchObject({ 'filesystem-prefix-sibling': 'broken', 'filesystem-symlink': 'broken' })
    expect(outcomes('root_files')).toMatchObject({ 'filesystem-prefix-sibling': 'held', 'filesystem-symlink': 'held' })
    const said = servers.flatMap(({ proven }) => proven?.results ?? []).flatMap(({ transcript }) => transcript)
    expect(said.some(({ received }) => received.includes('upkeep-canary'))).toBe(true)
    const { stdout } = await upkeep(installation, ['prove', 'fs', '--transcript'])
    expect(stdout).toMatch(/ESCAPED[\s\S]*> tools\/call read_file[\s\S]*< result: upkeep-canary/)
    const again = await upkeep(installation, ['prove', 'fs', '--transcript', '--recorded'])
    expect(again.stdout).toBe(stdout)
    expect((await upkeep(installation, ['verify'])).exitCode).toBe(0)
  })

  test('a scan starts nothing and still knows what was proven of the same bytes', async () => {
    await upkeep(installation, ['scan', 'vulnerability-scanning'])
    expect((await upkeep(installation, ['findings', 'fs', '--fail-on', 'never'])).stdout).toContain('PROVEN on these')
  })

  test('what the review of controls counts is a count of what was recorded', async () => {
    const { servers } = await prove(installation, 'fs', '--controls')
    const results = servers.flatMap(({ proven }) => proven?.results ?? [])
    const through = results.flatMap(({ tries, outcome }) =>
      tries.kind === 'control' && outcome === 'broken' ? [tries.control] : [],
    )
    const { stdout } = await upkeep(installation, ['--json', 'findings', 'fs', '--fail-on', 'never'])
    const { findings } = Findings.parse(JSON.parse(stdout))
    const missed = findings.map(({ finding }) => finding.statement).filter(({ rule }) => rule === 'attack-missed')
    // By hand: 2025.3.28 follows a link out of its folder, and takes as many requests as come.
    expect(through).toContain('links')
    expect(missed.map(({ facts }) => facts.control).sort()).toEqual(through.sort())
  })

  test('the real token of a server that takes one is not in what was said or kept', async () => {
    const accepted = await upkeep(installation, ['accept', 'github', '--run', '--all'])
    expect(accepted.exitCode).toBe(0)
    const { servers } = await prove(installation, 'github', '--all')
    // Said, not only done: the variable that held something else than what a client gives.
    expect(servers.flatMap(({ proven }) => proven?.standIns ?? [])).toContain('GITHUB_PERSONAL_ACCESS_TOKEN')
    expect(leaksIn(allStoredText(installation), [{ where: 'env', text: canaryToken }])).toEqual([])
  })

  test('the doctor tries to get out of each sandbox at hand, and says what held', async () => {
    const { stdout, exitCode } = await upkeep(installation, ['--json', 'doctor', '--sandbox'])
    const { lines } = Doctor.parse(JSON.parse(stdout))
    const tried = lines.filter(({ detail }) => /^(?:NOT HELD|held):/.test(detail))
    const backends = new Set(tried.map(({ about }) => about))
    expect(backends.size).toBeGreaterThan(0)
    expect(tried).toHaveLength(backends.size * escapes.length)
    expect(tried.filter(({ state }) => state !== 'fine')).toEqual([])
    expect(exitCode).toBe(0)
  })

  test('nothing of it is left lying about', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('upkeep-sandbox-'))).toEqual([])
  })
})

describe('a consent', () => {
  // A name of words and numbers: a path drawn at random would be hidden as a secret.
  const place = join(tmpdir(), `upkeep-consent-${process.pid}`)
  const home = newInstallation(place)
  afterAll(() => {
    removeInstallation(home)
    rmSync(place, { recursive: true, force: true })
  })
  const declare = (...args: string[]) =>
    writeFiles(home.home, {
      'srv/package.json': '{"name":"srv","version":"1.0.0"}',
      'srv/index.js': 'setInterval(() => {}, 1000)',
      '.cursor/mcp.json': JSON.stringify({
        mcpServers: { srv: { command: 'node', args: [join(home.home, 'srv/index.js'), ...args] } },
      }),
    })

  test.each([
    ['one more argument', () => declare('/etc'), /command line has changed/],
    ['one more byte', () => appendFileSync(join(home.home, 'srv/index.js'), '\n'), /bytes have changed/],
  ])('is void with %s', async (_name, change, reason) => {
    declare()
    expect((await upkeep(home, ['accept', 'srv', '--run'])).exitCode).toBe(0)
    change()
    const { exitCode, said } = await prove(home, 'srv')
    expect(exitCode).toBe(2)
    expect(said).toMatch(reason)
  })
})
