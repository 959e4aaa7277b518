import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { placeTree, takeTreeAway } from './place-tree.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'upkeep-tree-'))
  mkdirSync(join(root, 'from/node_modules/.bin'), { recursive: true })
  writeFileSync(join(root, 'from/node_modules/index.js'), 'tested')
  symlinkSync('../index.js', join(root, 'from/node_modules/.bin/srv'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a tree is put in place whole, links as they are, and taken away again', () => {
  const to = join(root, 'cache/_npx/0123456789abcdef')
  expect(placeTree(join(root, 'from'), to)).toBe('placed')
  expect(readFileSync(join(to, 'node_modules/index.js'), 'utf8')).toBe('tested')
  expect(readlinkSync(join(to, 'node_modules/.bin/srv'))).toBe('../index.js')
  takeTreeAway(to)
  expect(readdirSync(join(root, 'cache/_npx'))).toEqual([])
})

test('what lies there is left as it is', () => {
  const to = join(root, 'there')
  mkdirSync(to)
  writeFileSync(join(to, 'mine'), 'mine')
  expect(placeTree(join(root, 'from'), to)).toBe('there')
  expect(readdirSync(to)).toEqual(['mine'])
})

test('where its folder cannot be made nothing is left behind', () => {
  writeFileSync(join(root, 'file'), '')
  expect(placeTree(join(root, 'from'), join(root, 'file/_npx/x'))).toMatchObject({ state: 'unavailable' })
  expect(readdirSync(root).sort()).toEqual(['file', 'from'])
})
