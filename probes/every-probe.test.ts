import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = import.meta.dirname
const entries = readdirSync(root, { recursive: true, encoding: 'utf8' })
const units = entries.filter((path) => /^[^/]+\/(?:server-)?probe\.ts$/.test(path))
const tests = entries
  .filter((path) => path.includes('/') && path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** A unit whose body were gone would say the same of every target: a table that expects both of it cannot stay green. */
describe.each(units)('%s', (path) => {
  const source = readFileSync(join(root, path), 'utf8')
  const [, name = ''] = /export const (\w+)[^=\n]* = define(?:Server)?Probe\(/.exec(source) ?? []
  const own = tests.filter(({ text }) => new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from`).test(text))

  test('has a test with a target that is broken and one that is sound', () => {
    expect(name).not.toBe('')
    const expected = own.map(({ text }) => ["'broken'", "'held'"].filter((word) => text.includes(word)))
    expect(expected).toContainEqual(["'broken'", "'held'"])
  })

  test('has a page that says when it is which', () => {
    const page = readFileSync(join(root, path, '..', 'README.md'), 'utf8')
    for (const word of ['broken', 'held', 'Harmless']) expect(page).toContain(word)
  })
})

test('every folder is a unit', () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (one) => one.isDirectory() && one.name !== 'node_modules',
  )
  expect(folders.map(({ name }) => name).sort()).toEqual([...new Set(units.map((path) => path.split('/')[0]))].sort())
})
