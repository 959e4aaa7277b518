import { expect, test } from 'vitest'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { status } from './status.ts'

test('a brief status cuts what a card does not show, and says of how many it is', async () => {
  const product = testProduct()
  const args = ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', product.home]
  const names = Array.from({ length: 9 }, (_, index) => `fs${index}`)
  const mcpServers = Object.fromEntries(names.map((name) => [name, { command: 'npx', args }]))
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers }))
  await product.run(scan)
  const whole = (await product.run(status)).output.report
  const brief = (await product.run(status, { brief: true })).output.report
  expect(Math.max(...whole.items.map(({ findings }) => findings.length))).toBeGreaterThan(5)
  expect(Math.max(...brief.items.map(({ findings }) => findings.length))).toBe(5)
  const counts = ({ items, unknowns, totals, lengths }: typeof whole) => ({
    items: items.map(({ findingCount, subjectCount }) => ({ findingCount, subjectCount })),
    unknowns: unknowns.map(({ subjectCount }) => subjectCount),
    totals,
    lengths,
  })
  expect(counts(brief)).toEqual(counts(whole))
  expect(counts(whole)).toEqual({
    ...counts(whole),
    items: whole.items.map(({ findings, subjects }) => ({
      findingCount: findings.length,
      subjectCount: subjects.length,
    })),
    unknowns: whole.unknowns.map(({ subjects }) => subjects.length),
    lengths: { items: whole.items.length, unreadable: whole.coverage.unreadable.length },
  })
})
