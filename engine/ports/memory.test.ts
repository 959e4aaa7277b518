import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMemory } from './memory.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memory-'))
  path = join(folder, 'cache', 'worked-out.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function remembered(entries: Record<string, string>): void {
  const opened = openMemory(path)
  for (const [key, value] of Object.entries(entries)) opened.memory.remember(key, value)
  opened.save()
}

test('what was remembered is recalled by the next one, from a file that is nobody else’s', () => {
  remembered({ a: 'one', b: 'two' })
  expect(openMemory(path).memory.recall('a')).toBe('one')
  expect(openMemory(path).memory.recall('c')).toBeNull()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a damaged file is not believed', () => {
  remembered({ a: 'one' })
  writeFileSync(path, readFileSync(path, 'utf8').replace('one', 'two'))
  expect(openMemory(path).memory.recall('a')).toBeNull()
})

test('a value without end is not kept, and neither is anything without a place to keep it', () => {
  const { memory, save } = openMemory(null)
  memory.remember('large', 'x'.repeat((4 << 20) + 1))
  memory.remember('small', 'x')
  save()
  expect(memory.recall('large')).toBeNull()
  expect(memory.recall('small')).toBe('x')
})
