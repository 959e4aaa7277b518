import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VendorPack } from '@upkeep/collectors/integration-declarations/read-vendors'
import { expect, test } from 'vitest'

const bytes = (name: string) => readFileSync(join(import.meta.dirname, name))
const { vendors } = VendorPack.parse(JSON.parse(bytes('vendors.json').toString('utf8')))

test('the manifest names the list by its digest', () => {
  const manifest: unknown = JSON.parse(bytes('manifest.json').toString('utf8'))
  const digest = createHash('sha256').update(bytes('vendors.json')).digest('hex')
  expect(manifest).toMatchObject({ id: 'vendors', digest })
})

test('no sign stands for two vendors, and variables begin with a whole word', () => {
  const ids = vendors.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const signs of ['hosts', 'variables', 'packages', 'secrets'] as const) {
    const all = vendors.flatMap((vendor) => vendor[signs])
    expect(new Set(all).size, signs).toBe(all.length)
  }
  for (const start of vendors.flatMap(({ variables }) => variables)) expect(start).toMatch(/^[A-Z][A-Z0-9]*_$/)
})
