import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unreadableInside } from './readable-inside.ts'
import { runtimeOf } from './runtime-of.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-test-runtime-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, text: string, mode = 0o755): string {
  const at = join(folder, path)
  mkdirSync(dirname(at), { recursive: true })
  writeFileSync(at, text)
  chmodSync(at, mode)
  return at
}

describe('the runtime of a run', () => {
  test('one that the run searches for first is shown at a place of its own, with the libraries beside it', () => {
    const found = put('versions/9/bin/tool', 'binary')
    put('versions/9/lib/python3.9/os.py', '')
    put('venv/bin/other', '')
    symlinkSync(found, join(folder, 'venv/bin/tool'))
    put('usual/bin/tool', 'binary')
    const known = { path: join(folder, 'usual/bin'), shows: [] }
    expect(runtimeOf('tool', { ...known, searches: [join(folder, 'venv/bin')] })).toEqual({
      program: '/runtime/own/bin/tool',
      shown: [
        { outside: found, inside: '/runtime/own/bin/tool' },
        { outside: join(folder, 'versions/9/lib/python3.9'), inside: '/runtime/own/lib/python3.9' },
      ],
      path: ['/runtime/own/bin'],
    })
    expect(runtimeOf('tool', known)).toMatchObject({ program: '/runtime/bin/tool' })
  })

  test('a shim of the shell is passed over for what comes after it, and taken where nothing does', () => {
    const shim = put('shims/tool', '#!/usr/bin/env bash\nexec elsewhere "$@"\n')
    const real = put('bin/tool', 'binary')
    const path = [dirname(shim), dirname(real)].join(':')
    expect(runtimeOf('tool', { path, shows: [] })).toMatchObject({ shown: [{ outside: real }] })
    expect(runtimeOf('tool', { path: `${dirname(shim)}:/usr/bin:/bin`, shows: [] })).toMatchObject({
      program: '/runtime/bin/tool',
    })
  })
})

describe('what nobody but its owner may read', () => {
  const run = (file: string) => ({
    argv: ['node', `/srv/0/${file}`] as const,
    shows: [{ outside: folder, inside: '/srv/0' }],
  })
  beforeEach(() => chmodSync(folder, 0o755))

  test.each([
    ['the file', () => put('dist/index.js', '', 0o600), /"index\.js" may be read by its owner alone/],
    ['a folder above it', () => chmodSync(dirname(put('dist/index.js', '')), 0o700), /"dist"/],
    [
      'the place that is shown',
      () => chmodSync(join(put('dist/index.js', ''), '../..'), 0o750),
      /"upkeep-test-runtime-/,
    ],
  ])('%s: said before anything is started', (_name, close, says) => {
    close()
    expect(unreadableInside(run('dist/index.js'))).toMatch(says)
  })

  test('what others may read is not complained of, nor what is not there', () => {
    put('dist/index.js', '', 0o644)
    expect(unreadableInside(run('dist/index.js'))).toBeNull()
    expect(unreadableInside(run('dist/none.js'))).toBeNull()
  })
})
