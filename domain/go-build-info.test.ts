import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { goBinary } from '@upkeep/lab/archives/go-binary'
import { describe, expect, test } from 'vitest'
import { goBuildInfo } from './go-build-info.ts'

const modules = ['dep\tgithub.com/mark3labs/mcp-go\tv0.30.0\th1:x=', 'dep\tgolang.org/x/net\tv0.20.0\th1:y=']
const info = {
  go: 'go1.22.1',
  main: 'example.com/server/cmd',
  modules: [{ path: 'example.com/server', version: 'v1.0.0' }],
}
const text = (...lines: string[]) =>
  ['path\texample.com/server/cmd', 'mod\texample.com/server\tv1.0.0\t', ...lines, ''].join('\n')

describe('goBuildInfo', () => {
  test.each(['elf', 'mach-o', 'pe'] as const)('of a program in the form %s', (form) => {
    const found = goBuildInfo(goBinary({ form, go: 'go1.22.1', text: text(...modules) }))
    expect(found).toMatchObject({ go: 'go1.22.1', main: 'example.com/server/cmd', cut: false })
    expect(found === null || found === 'before-1.18' ? [] : found.modules).toEqual([
      ...info.modules,
      { path: 'github.com/mark3labs/mcp-go', version: 'v0.30.0' },
      { path: 'golang.org/x/net', version: 'v0.20.0' },
    ])
  })

  test('a replaced module is what replaced it', () => {
    const bytes = goBinary({ go: 'go1.22.1', text: text('dep\ta.example/x\tv1.0.0', '=>\tb.example/y\tv1.0.1\th1:z=') })
    expect(goBuildInfo(bytes)).toMatchObject({ modules: [...info.modules, { path: 'b.example/y', version: 'v1.0.1' }] })
  })

  test('a version that the source tree gave is no version', () => {
    const bytes = goBinary({ go: 'go1.22.1', text: 'path\tx.example/a\nmod\tx.example/a\t(devel)\t\n' })
    expect(goBuildInfo(bytes)).toMatchObject({ modules: [{ path: 'x.example/a', version: '' }] })
  })

  const real = goBinary({ go: 'go1.22.1', text: text(...modules) })
  const notAligned = new Uint8Array([...real.slice(0, 64), 0, 0, 0, ...real.slice(64)])
  test.each([
    ['no program', new Uint8Array(real.length).fill(0x20)],
    ['a program of something else', real.slice(0, 64)],
    ['the mark alone, as data', notAligned],
    ['a text instead of a version', goBinary({ go: 'no version', text: '' })],
    ['a length beyond the end', goBinary({ go: 'go1.22.1', text: '', statedLength: 0x7fff_ffff })],
    ['nothing', new Uint8Array()],
  ])('%s: none', (_name, bytes) => {
    expect(goBuildInfo(bytes)).toBeNull()
  })

  test('the form from before 1.18 is said to be that', () => {
    expect(goBuildInfo(goBinary({ go: 'go1.17', text: '', inline: false }))).toBe('before-1.18')
  })

  test('more modules than are kept are cut, and that is said', () => {
    const many = Array.from({ length: 10_050 }, (_, index) => `dep\tx.example/m${index}\tv1.0.0`)
    expect(goBuildInfo(goBinary({ go: 'go1.22.1', text: text(...many) }))).toMatchObject({ cut: true })
  })

  const lefthook = join(
    dirname(createRequire(import.meta.url).resolve('lefthook/package.json')),
    `../lefthook-linux-x64/bin/lefthook`,
  )
  test.skipIf(!existsSync(lefthook))('of a real Go program: lefthook', () => {
    const stated: { version: string } = JSON.parse(readFileSync(join(lefthook, '../../package.json'), 'utf8'))
    const found = goBuildInfo(new Uint8Array(readFileSync(lefthook)))
    expect(found).toMatchObject({
      go: expect.stringMatching(/^go1\.\d+/),
      main: 'github.com/evilmartians/lefthook/v2',
      cut: false,
    })
    const named = found === null || found === 'before-1.18' ? [] : found.modules
    expect(named[0]).toEqual({ path: 'github.com/evilmartians/lefthook/v2', version: `v${stated.version}` })
    expect(named.length).toBeGreaterThan(20)
  })
})
