import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importResults } from './import-results.ts'
import { testProduct } from './product.cases.ts'
import { sbom } from './sbom.ts'
import { scan } from './scan.ts'
import { whoHasOperation } from './who-has.ts'

async function scanned() {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  return product
}

describe('what the servers are made of', () => {
  test('an SBOM of the fleet, of one server, and into a file', async () => {
    const product = await scanned()
    const fleet = JSON.parse((await product.run(sbom)).output.document ?? '')
    expect(fleet.components.map((one: { name: string }) => one.name)).toEqual(['one', 'server'])
    expect(JSON.stringify(fleet.metadata.properties)).toContain('SIMULATED CLOCK')
    const one = await product.run(sbom, { server: 'one', out: 'sbom.json' })
    expect(one.output).toMatchObject({ document: null, format: 'CycloneDX 1.6' })
    await expect(product.run(sbom, { server: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a scan that changes nothing leaves the same bytes', async () => {
    const product = await scanned()
    const before = (await product.run(sbom)).output.document
    await product.run(scan)
    expect((await product.run(sbom)).output.document).toBe(before)
    product.write('server/package.json', '{"name":"server","version":"1.0.1"}')
    await product.run(scan)
    expect((await product.run(sbom)).output.document).not.toBe(before)
  })

  test('who has a package, now and before it changed', async () => {
    const product = await scanned()
    product.clock.advance(2 * 86_400)
    product.write('server/package.json', '{"name":"server","version":"1.0.1"}')
    await product.run(scan)
    const has = async (on?: string) =>
      (await product.run(whoHasOperation, { package: 'server@1.0.0', ...(on === undefined ? {} : { on }) })).output
    expect((await has()).holders).toEqual([])
    expect((await has('2026-11-23')).holders.map((one) => one.subject.name)).toEqual(['one'])
    expect((await has('2026-11-24')).holders).toHaveLength(1)
    expect((await has('2026-11-25')).holders).toEqual([])
    await expect(has('2026-11-21')).rejects.toMatchObject({ code: 'not-found' })
    await expect(product.run(whoHasOperation, { package: 'gem:x' })).rejects.toMatchObject({ code: 'bad-input' })
  })
})

/** A product in which one server has the vulnerable package installed. */
async function withRemote() {
  const product = testProduct()
  product.write('mcp-remote/package.json', '{"name":"mcp-remote","version":"0.1.15"}')
  product.write('mcp-remote/index.js', '')
  const entry = { command: 'node', args: [join(product.home, 'mcp-remote/index.js')] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: entry } }))
  await product.run(scan)
  return product
}

describe("another scanner's results", () => {
  const result = (ruleId: string, purl: string) => ({ ruleId, message: { text: 'x' }, properties: { purl } })
  const sarif = (results: object[], executionSuccessful = true) =>
    JSON.stringify({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'other' } }, invocations: [{ executionSuccessful }], results }],
    })

  test('are told once each: agreed, not judged here, not ours', async () => {
    const product = await withRemote()
    product.write(
      'other.sarif',
      sarif([
        result('CVE-2025-6514', 'pkg:npm/mcp-remote@0.1.15'),
        result('GHSA-6xpm-ggf7-wc3p', 'pkg:npm/mcp-remote@0.1.15?checksum=x'),
        result('CVE-2099-0001', 'pkg:npm/mcp-remote@0.1.15'),
        result('CVE-2025-6514', 'pkg:npm/mcp-remote@0.1.14'),
      ]),
    )
    const { output, outcome } = await product.run(importResults, { file: 'other.sarif' })
    const told = output.reports.map((one) => [one.ids[0], one.standing])
    expect(told).toContainEqual(['CVE-2025-6514', 'agreed'])
    expect(told).toContainEqual(['CVE-2099-0001', 'not judged here'])
    expect(told).toContainEqual(['CVE-2025-6514', 'not ours'])
    expect(output.onlyOurs.map((one) => one.purl)).not.toContain('pkg:npm/mcp-remote@0.1.15')
    expect(outcome).toBe('not-evaluated')
  })

  test.each([
    ['one that crashed', sarif([], false)],
    ['an empty file', ''],
    ['a file that is cut off', sarif([]).slice(0, 40)],
    ['an inventory', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[]}'],
  ])('%s is not evaluated, and what only we found stays', async (_name, text) => {
    const product = await withRemote()
    product.write('other.json', text)
    const { output, outcome } = await product.run(importResults, { file: 'other.json' })
    expect(output.problem).not.toBeNull()
    expect(outcome).toBe('not-evaluated')
    expect(output.onlyOurs.map((one) => one.purl)).toContain('pkg:npm/mcp-remote@0.1.15')
  })

  test('a scanner that succeeded and found nothing is no failure; a file that is none is an error', async () => {
    const product = await withRemote()
    product.write('clean.sarif', sarif([]))
    expect((await product.run(importResults, { file: 'clean.sarif' })).outcome).toBeUndefined()
    await expect(product.run(importResults, { file: '.' })).rejects.toMatchObject({ code: 'bad-input' })
  })
})
