import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cleanUp, folder, packOf, packText, recordAt, run, sealed, verifier } from './testing/run-verifier.ts'

afterAll(cleanUp)
const made = await sealed(3)
const pack = await packOf(made)

test.each<[string, string[]]>([
  ['no pack', []],
  ['two packs', ['a', 'b']],
  ['an unknown option', ['a', '--force']],
  ['a file that is not there', [join(folder, 'nowhere')]],
  ['a folder', [folder]],
  ['no value', ['a', '--key']],
  ['no key', ['a', '--key', 'x']],
  ['a checkpoint that is none', [verifier, '--checkpoint', verifier]],
  ['an empty file of checkpoints', [verifier, '--checkpoint', '/dev/null']],
])('%s: exit 2', (_name, words) => {
  const { status, stderr } = spawnSync(process.execPath, [verifier, ...words], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('usage:')
})

const noPacks = ['', 'x', '[]', 'null', '{}', '{"format":"upkeep-evidence-pack/1"}', '"a"', '['.repeat(100_000)]
test.each(noPacks.map((text) => [text.slice(0, 40), text]))('%j is not a pack: exit 1', (_name, text) => {
  const { code, text: said } = run(text)
  expect(code).toBe(1)
  expect(said).toMatch(/^NOT VALID: 1 found\n {2}unreadable: [^\n]*\n$/)
})

test('hostile text steers no terminal, hostile depth ends nothing', () => {
  const hostile = structuredClone(pack)
  recordAt(hostile, 3).id = '\x1b[2J\u202egnp'
  recordAt(hostile, 4).record.deep = 'DEEP'
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  const { code, text } = run(JSON.stringify(hostile).replace('"DEEP"', deep))
  expect(code).toBe(1)
  expect(text).not.toMatch(/\x1b|\u202e/)
  expect(text).toContain('record-changed leaf 4')
})

test('--json says the same', () => {
  const copy = structuredClone(pack)
  copy.leaves.reverse()
  const { problems } = JSON.parse(run(copy, '--json').text)
  expect(problems).toContainEqual({
    what: 'record-moved',
    index: 1,
    record: 'run run-1',
    detail: 'it is what was sealed at leaf 5',
  })
  expect(JSON.parse(run(pack, '--json').text)).toMatchObject({ valid: true, problems: [] })
})

test('is one file that a person can read: under 300 lines, nothing but Node', () => {
  const source = readFileSync(verifier, 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThan(300)
  const imported = [...source.matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map(([, name]) => name)
  expect(imported).toEqual(['node:crypto', 'node:fs', 'node:util'])
})

test('a pack is one text, line by line, the same each time', async () => {
  const text = await packText(made)
  expect(await packText(made)).toBe(text)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(3_000)
  expect(text.startsWith('{\n"format":"upkeep-evidence-pack/1",\n"origin":"upkeep/')).toBe(true)
})
