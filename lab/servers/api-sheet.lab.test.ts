import { api } from '@upkeep/app/operations/api'
import { testProduct } from '@upkeep/app/operations/product.cases'
import { scan } from '@upkeep/app/operations/scan'
import { afterAll, expect, test } from 'vitest'
import { startSdkServer } from './sdk-server.ts'

let guards = true
const server = await startSdkServer({ authentication: 'none', guards: () => guards })
afterAll(() => server.close())
const style = { width: 100, colour: false, ascii: true, verbose: false }

test('a refactoring that drops the check of Origin is one regression on the sheet of the next month', async () => {
  const product = testProduct()
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: { url: server.url } } }))
  product.write('upkeep.yaml', `version: 1\nprofile: team\nprobe:\n  - url: ${server.url}\n`)
  await expect(product.run(api)).rejects.toMatchObject({ code: 'not-found' })
  const duties = ['api-security-updates']
  await product.run(scan, { duties })
  const first = await product.run(api)
  expect(first.output).toMatchObject({ before: null, servers: [{ subject: { name: 'crm' }, compared: false }] })
  expect(first.text(style)).toContain('there is no earlier sheet')

  guards = false
  product.clock.advance(20 * 86_400)
  await product.run(scan, { duties })
  const next = await product.run(api, { server: 'crm' })
  expect(next.output.before?.seenAt.slice(0, 7)).toBe('2026-11')
  expect(next.output.servers[0]?.changes).toMatchObject([
    { requirement: 'origin', from: 'met', to: 'not-met', regression: true },
  ])
  expect(next.text(style)).toContain('regression: origin (MUST): met -> not met')
  expect(next.table?.rows.filter((row) => row[5] !== '')).toHaveLength(1)
})
