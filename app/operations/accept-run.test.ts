import { expect, test } from 'vitest'
import { accept } from './accept.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { verify } from './verify.ts'

test('a consent names the line and the bytes, is sealed, and can be taken back', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(scan)
  const [given] = (await product.run(accept, { finding: 'one', run: true })).output.consents
  expect(given).toMatchObject({ subject: { name: 'one' }, withdraws: null, signer: { person: 'ada' } })
  expect(given?.shown).toMatch(/^node .*index\.js •••$/)
  const [taken] = (await product.run(accept, { finding: 'one', run: true, withdraw: true })).output.consents
  expect(taken?.withdraws).toBe(given?.id)
  expect((await product.run(verify)).output.evidence.valid).toBe(true)
  await expect(product.run(accept, { finding: 'one', run: true, withdraw: true })).rejects.toThrow(/No consent/)
})

test('it needs no scan before, and a server of another name is not there', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await product.run(accept, { finding: 'one', run: true })
  await expect(product.run(accept, { finding: 'two', run: true })).rejects.toThrow(/No server/)
  await expect(product.run(accept, { finding: 'one', run: true, until: '3d' })).rejects.toThrow(/no last day/)
})

test('what cannot be run cannot be consented to, and says why', async () => {
  const product = testProduct()
  product.write(
    '.cursor/mcp.json',
    JSON.stringify({
      mcpServers: { a: { command: 'npx', args: ['-y', 'none@1.0.0'] }, b: { url: 'http://127.0.0.1:1/mcp' } },
    }),
  )
  await expect(product.run(accept, { finding: 'a', run: true })).rejects.toThrow(/which bytes would run is not known/)
  await expect(product.run(accept, { finding: 'b', run: true })).rejects.toThrow(/nothing is started/)
})
