import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, test } from 'vitest'
import { conformance } from './conformance.ts'
import { testProduct } from './product.cases.ts'

function productWith(upkeepFile: (url: string) => string, url = 'http://127.0.0.1:9/mcp') {
  const product = testProduct()
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: { url } } }))
  product.write('upkeep.yaml', `version: 1\n${upkeepFile(url)}`)
  return product
}
const listed = (url: string) => `probe:\n  - url: ${url}\n`

describe('the conformance suite', () => {
  test('is not run against a server that its owner did not list, nor against one of a vendor', async () => {
    const unlisted = productWith(() => '')
    await expect(unlisted.run(conformance, { server: 'crm' })).rejects.toMatchObject({ code: 'not-consented' })
    const vendors = productWith((url) => `${listed(url)}servers:\n  - name: crm\n    ownership: vendor\n`)
    await expect(vendors.run(conformance, { server: 'crm' })).rejects.toMatchObject({ code: 'not-consented' })
    const renamed = { mcpServers: { crm: { url: 'http://127.0.0.1:9/mcp/' }, mine: { url: 'http://127.0.0.1:9/mcp' } } }
    vendors.write('.cursor/mcp.json', JSON.stringify(renamed))
    await expect(vendors.run(conformance, { server: 'mine' })).rejects.toThrow(/belongs to a vendor/)
  })

  test('is "not available" where it is not installed, and where another version is', async () => {
    const product = productWith(listed)
    await expect(product.run(conformance, { server: 'crm' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^Not available: .*not installed/),
    })
    const folder = join(product.home, 'node_modules/@modelcontextprotocol/conformance')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"version":"9.9.9","bin":{"conformance":"x.js"}}')
    await expect(product.run(conformance, { server: 'crm', suite: product.home })).rejects.toThrow(
      /Not available: .* installed is 9\.9\.9/,
    )
  })

  test('a suite that leaves no result is unknown, not green; a server that does not answer is said', async () => {
    const server = await startSdkServer({ authentication: 'none', guards: true })
    try {
      const product = productWith(listed, server.url)
      const suite = withSuite(product.home)
      const { output, outcome } = await product.run(conformance, { server: 'crm', suite })
      expect(output.rows.filter(({ result }) => result === 'unknown').map(({ detail }) => detail)).toContain(
        'it left no result that can be read',
      )
      expect(output.rows.filter(({ result }) => result === 'passed')).toEqual([])
      expect(outcome).toBe('not-evaluated')
    } finally {
      await server.close()
    }
    const silent = productWith(listed)
    const { output } = await silent.run(conformance, { server: 'crm', suite: withSuite(silent.home) })
    expect(output).toMatchObject({ notApplicable: expect.stringContaining('does not answer'), rows: [] })
  })
})

/** A suite of the right version that does nothing. */
function withSuite(home: string): string {
  const folder = join(home, 'node_modules/@modelcontextprotocol/conformance')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"version":"0.1.16","bin":{"conformance":"x.js"}}')
  writeFileSync(join(folder, 'x.js'), '')
  return home
}
