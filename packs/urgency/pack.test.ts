import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const bytes = (name: string) => readFileSync(join(import.meta.dirname, name))

test('the manifest names the table by its digest', () => {
  const manifest: unknown = JSON.parse(bytes('manifest.json').toString('utf8'))
  expect(manifest).toMatchObject({
    id: 'urgency',
    digest: createHash('sha256').update(bytes('table.json')).digest('hex'),
  })
})
