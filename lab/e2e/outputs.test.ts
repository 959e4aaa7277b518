import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { leaksIn } from './canaries.ts'
import { type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { scan } from './product.ts'
import { canaries, secretFiles } from './secret-home.ts'

const judge = new Validation.JsonStrictValidator(Spec.Version.v1dot6)

async function exported(installation: Installation, args: readonly string[]): Promise<string> {
  const file = join(installation.root, `${args.join('-').replace(/[^a-z-]/g, '')}.json`)
  const ended = await upkeep(installation, [...args, '--out', file])
  expect([args.join(' '), ended.exitCode, ended.stderr]).toEqual([args.join(' '), 0, ''])
  return readFileSync(file, 'utf8')
}

describe('of the reference fleet', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = newInstallation(inject('fleet').home)
    await scan(installation)
  })
  afterAll(() => removeInstallation(installation))

  test('the SBOM names every package that would run, and a published schema takes it', async () => {
    const text = await exported(installation, ['sbom'])
    expect(await judge.validate(text)).toBeNull()
    const urls: string[] = JSON.parse(text).components.flatMap((one: { purl?: string }) => one.purl ?? [])
    // Written down from the fleet's files by hand.
    for (const name of ['server-filesystem@2025.3.28', 'server-filesystem@2025.7.1', 'server-github@2025.4.8'])
      expect(urls).toContain(`pkg:npm/%40modelcontextprotocol/${name}`)
    expect(urls).toContain('pkg:npm/mcp-remote@0.1.15')
    await scan(installation)
    expect(await exported(installation, ['sbom'])).toBe(text)
  })

  test('the SBOM of mcp-remote lists the SDK inside it, with the file that shows it', async () => {
    const { components } = JSON.parse(await exported(installation, ['sbom', 'crm']))
    const sdk = components.find((one: { group?: string; name: string }) => one.group === '@modelcontextprotocol')
    expect(sdk.name).toBe('sdk')
    expect(sdk.evidence.identity[0].methods[0].technique).toBe('ast-fingerprint')
    expect(sdk.evidence.occurrences[0].location).toMatch(/mcp-remote\/dist\/chunk-.*\.js$/)
  })

  test('VEX states what holds and what does not, in both forms', async () => {
    const text = await exported(installation, ['vex'])
    expect(await judge.validate(text)).toBeNull()
    const stated = JSON.parse(text).vulnerabilities.map((one: { analysis: { state: string } }) => one.analysis.state)
    expect(stated).toContain('exploitable')
    expect(stated).toContain('resolved')
    const open = JSON.parse(await exported(installation, ['vex', '--format', 'openvex']))
    expect(open.statements).toHaveLength(stated.length)
  })

  test('each finding is one event', async () => {
    const events = (await exported(installation, ['export', 'ocsf']))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { findings } = JSON.parse((await upkeep(installation, ['findings', '--resolved', '--json'])).stdout)
    expect(events.map((one) => one.finding_info.uid).sort()).toEqual(
      findings
        .map((one: { finding: { statement: { fingerprint: string } } }) => one.finding.statement.fingerprint)
        .sort(),
    )
  })

  test('who has a package is answered with every server that has it', async () => {
    const { stdout } = await upkeep(installation, [
      'who-has',
      '@modelcontextprotocol/server-filesystem@2025.7.1',
      '--json',
    ])
    const names = JSON.parse(stdout).holders.map((one: { subject: { name: string } }) => one.subject.name)
    expect(names.sort()).toEqual(['disk', 'files', 'notes'])
  })
})

test('no export of a home full of secrets holds one', async () => {
  const installation = newInstallation()
  try {
    writeFiles(installation.home, secretFiles)
    await scan(installation)
    for (const args of [['sbom'], ['vex'], ['export', 'ocsf']]) {
      const text = await exported(installation, args)
      expect([args.join(' '), leaksIn(text, canaries)]).toEqual([args.join(' '), []])
    }
  } finally {
    removeInstallation(installation)
  }
})
