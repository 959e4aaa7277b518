import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { keepResults, keptResults, keptResultsIn, readForeignBytes, withdrawResults } from './kept-results.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-results-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const at = '2099-11-22T09:30:00.000Z'
const binaries = resolve(import.meta.dirname, '../../node_modules/.bin')

function read(value: unknown) {
  return readForeignBytes(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), at)
}

let made = 0
function state(): string {
  made += 1
  const folder = join(root, `state-${made}`)
  mkdirSync(folder)
  return folder
}

function keep(stateDir: string, name: string, value: unknown, about: string | null = null) {
  const bytes = Buffer.from(JSON.stringify(value))
  return keepResults(stateDir, readForeignBytes(bytes, at), { name, bytes, at, about })
}

const clean = {
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'other' } }, invocations: [{ executionSuccessful: true }], results: [] }],
}

describe('what real tools write', () => {
  const project = join(root, 'project')
  mkdirSync(project)
  const packages = {
    'node_modules/mcp-remote': { version: '0.1.15' },
    'node_modules/@acme/x': { version: '1.0.0' },
  }
  const dependencies = { 'mcp-remote': '0.1.15', '@acme/x': '1.0.0' }
  const manifest = { name: 'project', version: '3.0.0', dependencies }
  const lock = { name: 'project', version: '3.0.0', lockfileVersion: 3, packages: { '': manifest, ...packages } }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock))
  writeFileSync(join(project, 'script.js'), 'debugger\n')
  const env = { PATH: `${dirname(process.execPath)}:${binaries}:/usr/bin:/bin`, HOME: root }

  test.each([
    ['cyclonedx', 'CycloneDX', 'cli'],
    ['spdx', 'SPDX', 'npm/cli'],
  ])('npm sbom, %s', (format, form, tool) => {
    const words = ['sbom', '--offline', '--package-lock-only', '--sbom-format', format]
    const reading = read(execFileSync('npm', words, { cwd: project, env, encoding: 'utf8' }))
    expect(reading).toMatchObject({ form, tool, toolVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/), judges: false })
    expect(reading.problem).toBeNull()
    expect(Date.parse(reading.producedAt ?? '')).toBeGreaterThan(Date.parse('2020-01-01'))
    const listed = reading.components.map((one) => `${one.ecosystem}:${one.name}@${one.version}`)
    expect(listed.sort()).toEqual(['npm:@acme/x@1.0.0', 'npm:mcp-remote@0.1.15', 'npm:project@3.0.0'])
  })

  test('a linter that writes SARIF: read whole, and what is no matter of security is counted', () => {
    const words = ['lint', '--reporter=sarif', `--config-path=${project}`, join(project, 'script.js')]
    writeFileSync(join(project, 'biome.json'), '{}')
    const reading = read(
      failing(() => execFileSync(join(binaries, 'biome'), words, { cwd: project, env, stdio: 'pipe' })),
    )
    expect(reading).toMatchObject({
      form: 'SARIF',
      tool: 'Biome',
      reports: [],
      problem: null,
      notUnderstood: 0,
      otherCode: 1,
    })
  })
})

/** The output of a program that ends with 1 because it found something. */
function failing(run: () => Buffer): string {
  try {
    return run().toString()
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout)
    throw error
  }
}

describe('files that are no results', () => {
  test('too deep: nothing is built of it', () => {
    expect(read(`${'['.repeat(300_000)}${']'.repeat(300_000)}`).problem).toContain('deeper than')
  })

  test('no text at all', () => {
    expect(readForeignBytes(Buffer.from([0xc3, 0x28, 0xff]), at).problem).toContain('no JSON')
  })

  test('UTF-16, as PowerShell writes it, is read', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(JSON.stringify(clean), 'utf16le')])
    expect(readForeignBytes(bytes, at)).toMatchObject({ form: 'SARIF', problem: null })
  })

  test('a date of the future is not believed', () => {
    const invocations = [{ executionSuccessful: true, endTimeUtc: '2100-01-01T00:00:00Z' }]
    const reading = read({ version: '2.1.0', runs: [{ results: [], invocations }] })
    expect(reading).toMatchObject({ producedAt: null, problem: 'it is dated later than it was taken in' })
  })
})

describe('kept results', () => {
  test('are named by their digest, readable by their owner alone, and later ones of a name replace them', () => {
    const stateDir = state()
    expect(keep(stateDir, 'a', clean).replaced).toBe(false)
    expect(keep(stateDir, 'b', clean, 'crm').replaced).toBe(false)
    expect(keep(stateDir, 'a', { ...clean, runs: [] }).replaced).toBe(true)
    const files = readdirSync(keptResultsIn(stateDir))
    expect(files).toHaveLength(2)
    expect(statSync(join(keptResultsIn(stateDir), files[0] ?? '')).mode & 0o777).toBe(0o600)
    expect(keptResults(stateDir).results.map((one) => [one.name, one.about, one.problem])).toEqual([
      ['a', null, 'it holds no run: the scanner did nothing'],
      ['b', 'crm', null],
    ])
  })

  test('what was altered is damaged, and does not stand for anything', () => {
    const stateDir = state()
    keep(stateDir, 'a', clean)
    const [file = ''] = readdirSync(keptResultsIn(stateDir))
    const path = join(keptResultsIn(stateDir), file)
    chmodSync(path, 0o600)
    writeFileSync(path, readFileSync(path, 'utf8').replace('"other"', '"mine!"'))
    expect(keptResults(stateDir)).toEqual({ results: [], damaged: [file] })
  })

  test('taken out, what they held is gone, and that they were there is known', () => {
    const stateDir = state()
    keep(stateDir, 'a', { bomFormat: 'CycloneDX', components: [{ purl: 'pkg:npm/a@1.0.0' }] })
    expect(withdrawResults(stateDir, 'nobody', at)).toBeNull()
    expect(withdrawResults(stateDir, 'a', at)).toMatchObject({ name: 'a', components: [], withdrawnAt: at })
    expect(withdrawResults(stateDir, 'a', at)).toBeNull()
    expect(keptResults(stateDir).results).toMatchObject([{ name: 'a', withdrawnAt: at, components: [] }])
    expect(keep(stateDir, 'a', clean).replaced).toBe(false)
    expect(keptResults(stateDir).results).toMatchObject([{ name: 'a', withdrawnAt: null }])
  })
})
