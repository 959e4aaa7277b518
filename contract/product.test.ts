import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { product } from './product.ts'

test('the product names itself as the published package does', () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(manifest).toMatchObject(product)
})
