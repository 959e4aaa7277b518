import { expect, test } from 'vitest'
import { api } from './api.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const style = { width: 100, colour: false, ascii: true, verbose: false }

test('a sheet is compared with the month before, else with the one before it, else with the day that is named', async () => {
  const product = testProduct()
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: { url: 'https://mcp.example.com/mcp' } } }))
  await expect(product.run(api)).rejects.toMatchObject({ code: 'not-found' })
  const comparedWith = async (input: { since?: string } = {}) =>
    (await product.run(api, input)).output.before?.seenAt.slice(0, 13) ?? null
  async function scanOn(day: string) {
    product.clock.set(`${day}:00:00.000Z`)
    await product.run(scan, { duties: ['api-security-updates'] })
  }
  await scanOn('2026-11-22T09')
  expect(await comparedWith()).toBeNull()
  expect((await product.run(api)).text(style)).toContain('there is no earlier sheet')
  await scanOn('2026-11-23T09')
  expect(await comparedWith()).toBe('2026-11-22T09')
  await scanOn('2026-12-02T09')
  await scanOn('2026-12-02T11')
  expect(await comparedWith()).toBe('2026-11-23T09')
  expect(await comparedWith({ since: '2026-12-02' })).toBe('2026-12-02T09')
  expect(await comparedWith({ since: '2026-11-22' })).toBe('2026-11-22T09')
  expect(await comparedWith({ since: '2026-11-21' })).toBeNull()
})

test('what nobody was let look at is unknown on the sheet, with the reason, and no change', async () => {
  const product = testProduct()
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: { url: 'https://mcp.example.com/mcp' } } }))
  for (const _ of [1, 2]) await product.run(scan, { duties: ['api-security-updates'] })
  const { output, text, table } = await product.run(api, { server: 'crm' })
  const [server] = output.servers
  expect(new Set(server?.lines.map(({ outcome }) => outcome))).toEqual(new Set(['undetermined']))
  expect(server).toMatchObject({ compared: true, changes: [], metadata: [] })
  expect(text(style)).toContain('nothing changed since')
  expect(text(style)).toContain('list it under probe')
  expect(table?.rows).toHaveLength(server?.lines.length ?? 0)
  await expect(product.run(api, { server: 'other' })).rejects.toMatchObject({ code: 'not-found' })
})
