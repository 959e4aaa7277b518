import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importLock } from './import-lock.ts'
import { testProduct } from './product.cases.ts'

const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'

function withTwo() {
  const product = testProduct()
  product.declare({ one: '/srv/first', two: '/srv/second' })
  const lock = join(product.home, 'upkeep.lock')
  return { ...product, lock, text: () => readFileSync(lock, 'utf8') }
}

test('what is there is written down, again it is nothing to do, and a difference is named', async () => {
  const product = withTwo()
  expect(await product.run(importLock)).toMatchObject({ output: { servers: 2, written: true } })
  const { mtimeNs } = statSync(product.lock, { bigint: true })
  expect(await product.run(importLock)).toMatchObject({ output: { written: false, changes: [] } })
  expect(statSync(product.lock, { bigint: true }).mtimeNs).toBe(mtimeNs)
  const same = await product.run(importLock, { check: true })
  expect(same).toMatchObject({ output: { changes: [] } })
  expect(same.outcome).toBeUndefined()
  product.declare({ one: '/srv/first', two: '/srv/else', three: '/srv/third' })
  const other = await product.run(importLock, { check: true, entries: true })
  expect(other.outcome).toBe('findings')
  expect(other.output.changes).toMatchObject([
    { server: 'three', kind: 'server-added', file: '<home>/.cursor/mcp.json' },
    { server: 'two', kind: 'server-changed', layer: 'start', at: 'args[1]', was: '/srv/second', is: '/srv/else' },
  ])
  expect(product.text()).not.toContain('three')
})

test('a secret is in it by name alone', async () => {
  const product = withTwo()
  const entry = { command: 'node', args: ['--token', token], env: { TOKEN: token } }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { one: entry } }))
  await product.run(importLock)
  expect(product.text()).not.toContain(token.slice(4))
  expect(JSON.parse(product.text()).servers[0]).toMatchObject({
    env: ['TOKEN'],
    args: ['--token', { hidden: expect.any(String) }],
  })
})

test('a file of somebody else is left alone, and so is the lock where a file cannot be read', async () => {
  const product = withTwo()
  product.write('upkeep.lock', '{"lockfileVersion": 3}')
  await expect(product.run(importLock)).rejects.toMatchObject({ code: 'config-exists' })
  expect(product.text()).toBe('{"lockfileVersion": 3}')
  product.write('.cursor/mcp.json', '{"mcpServers": ')
  await expect(product.run(importLock, { file: 'another.lock' })).rejects.toMatchObject({ code: 'bad-input' })
  await expect(product.run(importLock, { check: true, file: 'another.lock' })).rejects.toMatchObject({
    code: 'not-found',
  })
})
