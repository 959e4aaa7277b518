import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { treeDigest } from './tree-digest.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-tree-'))
afterAll(() => rmSync(root, { recursive: true }))

function makeTree(): void {
  rmSync(root, { recursive: true, force: true })
  for (const folder of ['a/dist', '.bin']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'a/package.json'), '{"name":"a"}')
  writeFileSync(join(root, 'a/dist/index.js'), 'export const a = 1\n')
  writeFileSync(join(root, '.package-lock.json'), '{}')
}
beforeEach(makeTree)

test('the same files give the same digest', () => {
  const before = treeDigest(root)
  makeTree()
  expect(treeDigest(root)).toBe(before)
  expect(before).toMatch(/^[0-9a-f]{64}$/)
})

test('what npm writes beside the packages does not count', () => {
  const before = treeDigest(root)
  appendFileSync(join(root, '.package-lock.json'), ' ')
  symlinkSync('../a/dist/index.js', join(root, '.bin/a'))
  expect(treeDigest(root)).toBe(before)
})

test.each([
  ['a changed byte', () => writeFileSync(join(root, 'a/dist/index.js'), 'export const a = 2\n')],
  ['one more file', () => writeFileSync(join(root, 'a/extra.js'), '')],
  ['a missing file', () => rmSync(join(root, 'a/package.json'))],
  ['a link', () => symlinkSync('/etc/hostname', join(root, 'a/link.js'))],
])('%s changes it', (_, change) => {
  const before = treeDigest(root)
  change()
  expect(treeDigest(root)).not.toBe(before)
})

test('no folder and an empty folder have none', () => {
  rmSync(root, { recursive: true })
  expect(treeDigest(root)).toBeNull()
  mkdirSync(root)
  expect(treeDigest(root)).toBeNull()
})
