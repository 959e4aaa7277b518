import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { status } from './status.ts'

/** A vulnerable server in the user's own file, and the same in a project that is a repository with owners. */
async function withOwners(upkeepFile = 'version: 1\nprojects: [shop]\n') {
  const product = testProduct()
  product.write('upkeep.yaml', upkeepFile)
  product.write('mcp-remote/package.json', '{"name":"mcp-remote","version":"0.1.15"}')
  product.write('mcp-remote/index.js', '')
  const entry = { command: 'node', args: [join(product.home, 'mcp-remote/index.js')] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: entry } }))
  product.write('shop/.cursor/mcp.json', JSON.stringify({ mcpServers: { till: entry } }))
  mkdirSync(join(product.home, 'shop/.git'))
  product.write('shop/.github/CODEOWNERS', '* @acme/everyone\n/.cursor/ @acme/platform\n')
  product.write('shop/CODEOWNERS', '* @never\n')
  await product.run(scan)
  return product
}

async function ownersByServer(product: TestProduct) {
  const { output } = await product.run(findings)
  return new Map(output.findings.map(({ finding, owners }) => [finding.statement.subject.name, owners]))
}

describe('who answers for what is found', () => {
  test('CODEOWNERS of the repository that a file lies in, nobody elsewhere', async () => {
    const owners = await ownersByServer(await withOwners())
    expect(owners.get('till')).toEqual(['@acme/platform'])
    expect(owners.get('crm')).toEqual([])
  })

  test('what upkeep.yaml declares counts before it', async () => {
    const declared = 'version: 1\nprojects: [shop]\nservers:\n  - name: till\n    owner: payments\n'
    expect((await ownersByServer(await withOwners(declared))).get('till')).toEqual(['payments'])
  })

  test('findings, report and table can be cut to one owner', async () => {
    const product = await withOwners()
    const mine = await product.run(findings, { owner: '@acme/platform' })
    expect(new Set(mine.output.findings.map(({ finding }) => finding.statement.subject.name))).toEqual(
      new Set(['till']),
    )
    expect(mine.table?.rows.every((row) => row.at(-1) === '@acme/platform')).toBe(true)
    expect((await product.run(findings, { owner: 'nobody' })).output.findings).toEqual([])
    const report = (await product.run(status, { owner: '@acme/platform' })).output.report
    expect(report.items.length).toBeGreaterThan(0)
    expect(report.items.every((item) => item.owners.includes('@acme/platform'))).toBe(true)
    const style = { width: 100, ascii: false, colour: false, verbose: false }
    expect((await product.run(status)).text(style)).toContain('owner: @acme/platform')
  })

  test('an item knows the homes and projects that it lies in', async () => {
    const product = await withOwners()
    const { items } = (await product.run(status)).output.report
    const both = items.find((item) => item.subjects.length === 2)
    expect(both?.places).toEqual([product.home, join(product.home, 'shop')])
  })
})
