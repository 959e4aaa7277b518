import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fleet, type MemoryPort } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { archives } from '@upkeep/engine/ports/archives'
import { openFiles } from '@upkeep/engine/ports/files'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundledCode } from './collector.ts'
import { component, factsOf, look } from './testing/look.ts'
import { makeIndex, scriptOf } from './testing/small-index.ts'

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bundled-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

async function minified(source: string): Promise<string> {
  const out = await build({ stdin: { contents: source }, bundle: true, minify: true, write: false, format: 'esm' })
  return out.outputFiles[0]?.text ?? ''
}

const host = () => component('host', { path: 'node_modules/host' })
const index = () => makeIndex(join(root, 'pack'))

describe('code inside bundles', () => {
  test('is found in the file that holds it, minified, with its version', async () => {
    write('node_modules/host/dist/chunk.js', await minified(scriptOf('2.0.0')))
    write('node_modules/host/readme.md', scriptOf('2.0.0'))
    const facts = factsOf(await look(root, [host()], { fingerprints: [index()] }))
    expect(facts.components).toMatchObject([
      {
        name: 'small',
        versions: ['2.0.0'],
        within: 'node_modules/host',
        evidence: { technique: 'fingerprint', file: 'node_modules/host/dist/chunk.js' },
      },
    ])
    expect(facts.indexes).toMatchObject([{ packages: ['small'] }])
    expect(() => canonicalJson(facts)).not.toThrow()
  })

  test('two copies of different versions are two; the same one in two files is one', async () => {
    write('node_modules/host/a.js', await minified(scriptOf('1.0.0')))
    write('node_modules/host/b.mjs', await minified(scriptOf('1.0.0')))
    write('node_modules/host/c.cjs', await minified(scriptOf('2.0.0')))
    const facts = factsOf(await look(root, [host()], { fingerprints: [index()] }))
    expect(facts.components.map((one) => one.versions).sort()).toEqual([['1.0.0'], ['2.0.0']])
  })

  test('the package itself, packages inside packages and what links lead to are not taken for bundles', async () => {
    write('node_modules/host/node_modules/small/index.js', scriptOf('1.0.0'))
    write('elsewhere/index.js', scriptOf('1.0.0'))
    symlinkSync(join(root, 'elsewhere'), join(root, 'node_modules/host/linked'))
    const itself = component('small', { path: 'node_modules/host/node_modules/small' })
    expect(factsOf(await look(root, [host(), itself], { fingerprints: [index()] })).components).toEqual([])
  })

  test('a bundle that no package owns is looked into by itself', async () => {
    write('server.mjs', await minified(scriptOf('2.0.0')))
    write('other.mjs', await minified(scriptOf('1.0.0')))
    const facts = factsOf(await look(root, [], { fingerprints: [index()], script: 'server.mjs' }))
    expect(facts.components).toMatchObject([{ versions: ['2.0.0'], within: '.', evidence: { file: 'server.mjs' } }])
    expect(factsOf(await look(root, [], { fingerprints: [index()], script: 'server.py' })).components).toEqual([])
  })

  test('what was worked out for a digest is not worked out again; another digest is', async () => {
    write('node_modules/host/a.js', scriptOf('1.0.0'))
    const kept = new Map<string, string>()
    const memory: MemoryPort = {
      recall: (key) => kept.get(key) ?? null,
      remember: (key, value) => kept.set(key, value),
    }
    const options = { fingerprints: [index()], memory }
    const known = { ...host(), digest: 'first' }
    const first = factsOf(await look(root, [known], options))
    rmSync(join(root, 'node_modules'), { recursive: true })
    expect(factsOf(await look(root, [known], options))).toEqual(first)
    const other = factsOf(await look(root, [{ ...known, digest: 'second' }], options))
    expect(other.components).toEqual([])
    expect(kept.size).toBe(2)
    for (const key of kept.keys()) kept.set(key, '{"found":"damaged"}')
    expect(factsOf(await look(root, [known], options)).components).toEqual([])
  })
})

describe('what cannot be looked into', () => {
  test('a script too large to read is a problem, and the others are read', async () => {
    write('node_modules/host/a.js', scriptOf('1.0.0'))
    write('node_modules/host/huge.js', 'x'.repeat((16 << 20) + 1))
    const facts = factsOf(await look(root, [host()], { fingerprints: [index()] }))
    expect(facts.problems).toEqual([expect.stringContaining('larger than')])
    expect(facts.components).toHaveLength(1)
  })

  test.each([
    ['no index at all', () => [], 'there is no index'],
    ['an index that is not there', () => [join(root, 'nowhere')], 'its manifest cannot be read'],
    ['a damaged index', () => [damaged()], 'not of the expected form'],
  ])('%s: unavailable, with why', async (_name, fingerprints, why) => {
    write('node_modules/host/a.js', scriptOf('1.0.0'))
    const seen = await look(root, [host()], { fingerprints: fingerprints() })
    expect(seen).toMatchObject({ state: 'unavailable', reason: expect.stringContaining(why) })
  })

  test('where the packages could not be seen, their bundles were not either', async () => {
    const subject = { ...fleet, kind: 'server' } as const
    const seen = await bundledCode.collect({
      ...({} as Parameters<typeof bundledCode.collect>[0]),
      for: { per: 'server', subject } as Parameters<typeof bundledCode.collect>[0]['for'],
      prior: {
        'resolved-package': [
          {
            kind: 'resolved-package',
            subject,
            state: 'unavailable',
            code: 'permission-denied',
            reason: 'may not be read',
          },
        ],
      },
      ports: {
        archives,
        files: openFiles({ stateDir: null }).files,
        memory: { recall: () => null, remember: () => {} },
      },
    })
    expect(seen).toMatchObject([{ kind: 'bundled-code', state: 'unavailable', code: 'permission-denied' }])
  })
})

function damaged(): string {
  const folder = index()
  writeFileSync(join(folder, 'generated', 'small.json'), '{"name":"small"}')
  return folder
}
