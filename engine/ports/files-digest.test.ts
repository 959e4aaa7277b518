import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFiles } from './files.ts'

const bounds = { except: ['node_modules'], maxFiles: 1000, maxBytes: 1_000_000 }
let folder = ''
let tree = ''
let stateDir = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-digest-'))
  tree = join(folder, 'tree')
  stateDir = join(folder, 'state')
  mkdirSync(join(tree, 'lib', 'node_modules'), { recursive: true })
  mkdirSync(join(tree, 'node_modules', 'other'), { recursive: true })
  writeFileSync(join(tree, 'index.js'), 'one')
  writeFileSync(join(tree, 'lib', 'a.js'), 'two')
  writeFileSync(join(tree, 'lib', 'node_modules', 'b.js'), 'three')
  writeFileSync(join(tree, 'node_modules', 'other', 'c.js'), 'four')
  symlinkSync('../../../outside', join(tree, 'lib', 'out'))
  writeFileSync(join(folder, 'outside'), 'not part of it')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function digest(port = openFiles({ stateDir: null })): string {
  const result = port.files.digestTree(tree, bounds)
  if (result.state !== 'present') throw new Error(JSON.stringify(result))
  expect(result.problems).toEqual([])
  return result.digest
}

test('the same tree elsewhere has the same digest', () => {
  const copy = join(folder, 'copy')
  execFileSync('cp', ['-r', '--no-dereference', tree, copy])
  const { files } = openFiles({ stateDir: null })
  expect(files.digestTree(copy, bounds)).toMatchObject({ digest: digest(), files: 3, bytes: 11 })
})

test.each<[string, () => void, boolean]>([
  ['a byte', () => writeFileSync(join(tree, 'lib', 'a.js'), 'twO'), true],
  ['a byte in a folder of that name deeper down', () => writeFileSync(join(tree, 'lib/node_modules/b.js'), 'x'), true],
  ['a name', () => execFileSync('mv', [join(tree, 'index.js'), join(tree, 'main.js')]), true],
  ['an executable bit', () => chmodSync(join(tree, 'index.js'), 0o755), true],
  ['an empty folder', () => mkdirSync(join(tree, 'new')), true],
  ["a link's target", () => execFileSync('ln', ['-sfn', 'a.js', join(tree, 'lib/out')]), true],
  ['what a link leads to', () => writeFileSync(join(folder, 'outside'), 'changed'), false],
  ['an excepted folder', () => writeFileSync(join(tree, 'node_modules/other/c.js'), 'changed'), false],
  ['times only', () => utimesSync(join(tree, 'index.js'), 1, 1), false],
])('%s counts: %#', (_what, change, counts) => {
  const before = digest()
  change()
  expect(digest() !== before).toBe(counts)
})

test('past a bound it refuses, and unreadable things are named', () => {
  const { files } = openFiles({ stateDir: null })
  expect(files.digestTree(tree, { ...bounds, maxFiles: 3 })).toMatchObject({ code: 'too-large' })
  expect(files.digestTree(tree, { ...bounds, maxBytes: 5 })).toMatchObject({ code: 'too-large' })
  expect(files.digestTree(join(folder, 'none'), bounds)).toEqual({ state: 'absent' })
  mkdirSync(join(tree, ...Array.from({ length: 70 }, () => 'd')), { recursive: true })
  expect(files.digestTree(tree, bounds)).toMatchObject({ code: 'too-deep' })
  rmSync(join(tree, 'd'), { recursive: true })
  execFileSync('mkfifo', [join(tree, 'fifo')])
  expect(files.digestTree(tree, bounds)).toMatchObject({ problems: ['fifo: not a file, folder or link: not read'] })
  expect(files.digestTree(join(tree, 'fifo'), bounds)).toMatchObject({ code: 'not-a-file' })
})

test('one file has a digest too', () => {
  const { files } = openFiles({ stateDir: null })
  const one = files.digestTree(join(tree, 'index.js'), bounds)
  writeFileSync(join(tree, 'index.js'), 'onE')
  expect(one).toMatchObject({ state: 'present', files: 1, bytes: 3 })
  expect(files.digestTree(join(tree, 'index.js'), bounds)).not.toEqual(one)
})

test('a remembered digest is used only while every stat fact stands, even with the times set back', {
  timeout: 20_000,
}, async () => {
  const first = later()
  const before = digest(first)
  first.saveCache()
  const path = join(stateDir, 'cache', 'tree-digests.json')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  // Proof that the memory is used: a lie in it (with a right checksum) comes back.
  const lie = 'f'.repeat(64)
  plant(path, (body) => body.replace(before, lie))
  expect(digest(later())).toBe(lie)
  // To the nanosecond: utimes() of Node would round.
  execFileSync('touch', ['-r', join(tree, 'index.js'), join(folder, 'times')])
  writeFileSync(join(tree, 'index.js'), 'onE')
  execFileSync('touch', ['-r', join(folder, 'times'), join(tree, 'index.js')])
  const after = digest(later())
  expect(after).not.toBe(lie)
  expect(after).not.toBe(before)
})

test('a damaged memory is dropped and written anew; fresh files are not remembered', () => {
  const path = join(stateDir, 'cache', 'tree-digests.json')
  const fresh = openFiles({ stateDir })
  digest(fresh)
  fresh.saveCache()
  expect(() => statSync(path)).toThrow()
  const first = later()
  const before = digest(first)
  first.saveCache()
  const good = readFileSync(path, 'utf8')
  for (const bad of [good.replace(before, 'f'.repeat(64)), good.slice(0, -5), '', 'x\n[[[', '\n']) {
    writeFileSync(path, bad)
    const again = later()
    expect(digest(again)).toBe(before)
    again.saveCache()
    expect(readFileSync(path, 'utf8')).toBe(good)
  }
})

/** A port that looks at the tree a minute after it was made. */
function later() {
  return openFiles({ stateDir, now: () => Date.now() + 60_000 })
}

function plant(path: string, change: (body: string) => string): void {
  const body = change(readFileSync(path, 'utf8').split('\n')[1] ?? '')
  const sum = execFileSync('sha256sum', { input: body, encoding: 'utf8' }).slice(0, 64)
  writeFileSync(path, `${sum}\n${body}`)
}
