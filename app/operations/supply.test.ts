import { describe, expect, test } from 'vitest'
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
