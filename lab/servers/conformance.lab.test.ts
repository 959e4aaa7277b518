import { conformance } from '@upkeep/app/operations/conformance'
import { testProduct } from '@upkeep/app/operations/product.cases'
import { afterAll, describe, expect, test } from 'vitest'
import { startBare } from '../fleet/everything.ts'
import { installedPackage } from './installed-package.ts'
import { startSdkServer } from './sdk-server.ts'
import { installedEverything } from './server-everything.ts'

const script = await installedEverything()
const suite = await installedPackage('@modelcontextprotocol/conformance', '0.1.16')
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

function productWith(url: string, more = '') {
  const product = testProduct()
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: { url } } }))
  product.write('upkeep.yaml', `version: 1\nprobe:\n  - url: ${url}\n${more}`)
  return product
}
const style = { width: 100, colour: false, ascii: true, verbose: false }
const asked = { server: 'crm', suite: suite ?? '' }

describe.skipIf(script === null || suite === null)('the official suite (needs the npm registry once)', () => {
  test('bare server-everything: what it lists is as it should be, and rebinding is not kept out', async () => {
    const bare = await startBare(script ?? '')
    closing.push(bare.stop)
    const { output, outcome, text } = await productWith(bare.url).run(conformance, asked)
    const results = Object.fromEntries(output.rows.map(({ scenario, result }) => [scenario, result]))
    expect(results).toEqual({
      'server-initialize': 'passed',
      ping: 'passed',
      'tools-list': 'passed',
      'resources-list': 'passed',
      'prompts-list': 'passed',
      'logging-set-level': 'passed',
      'dns-rebinding-protection': 'failed',
    })
    expect(outcome).toBe('findings')
    expect(output.rows.at(-1)?.ours).toEqual({ requirement: 'origin', outcome: 'not looked at yet', agrees: null })
    expect(text(style)).toContain("25 more scenarios need the suite's own test server")
  })

  test('a server of the SDK with guards keeps rebinding out, and what it does not list is not asked', async () => {
    const server = await startSdkServer({ authentication: 'none', guards: true })
    closing.push(server.close)
    const { output } = await productWith(server.url).run(conformance, asked)
    const results = Object.fromEntries(output.rows.map(({ scenario, result }) => [scenario, result]))
    expect(results).toMatchObject({
      'tools-list': 'passed',
      'prompts-list': 'not-applicable',
      'dns-rebinding-protection': 'passed',
    })
  })

  test('one that asks for a token: not available, with the reason', async () => {
    const server = await startSdkServer({ authentication: 'bearer', guards: true })
    closing.push(server.close)
    const { output, outcome } = await productWith(server.url).run(conformance, asked)
    expect(output).toMatchObject({ notApplicable: expect.stringContaining('can send none'), rows: [] })
    expect(outcome).toBe('not-evaluated')
  })
})
