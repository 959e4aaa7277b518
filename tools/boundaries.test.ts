import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './units.ts'

/** Each is a way to break a floor: the file, what it imports, and the rule that must turn red. */
const planted: readonly [file: string, imports: string, rule: string][] = [
  ['contract/planted.ts', "import '../domain/there.ts'", 'contract-knows-only-zod'],
  ['domain/planted.ts', "import '../engine/kernel/there.ts'", 'domain-is-pure'],
  ['domain/planted.ts', "import 'node:fs'", 'pure-code-has-no-world'],
  ['duties/one/planted.ts', "import 'node:child_process'", 'pure-code-has-no-world'],
  ['duties/one/planted.ts', "import '../../engine/kernel/there.ts'", 'duties-know-only-contract-and-domain'],
  ['duties/one/planted.ts', "import '../two/there.ts'", 'duties-do-not-know-a-neighbour'],
  ['collectors/one/planted.ts', "import '../../duties/two/there.ts'", 'collectors-know-only-contract-and-domain'],
  ['collectors/one/planted.ts', "import 'node:net'", 'the-world-is-behind-ports'],
  ['probes/one/planted.ts', "import '../../engine/kernel/there.ts'", 'probes-know-only-contract-and-domain'],
  ['engine/assess/planted.ts', "import '../../duties/two/there.ts'", 'engine-knows-no-catalog'],
  ['engine/assess/planted.ts', "import '../collect/there.ts'", 'stages-do-not-call-each-other'],
  ['engine/assess/planted.ts', "import '../pipeline.ts'", 'stages-are-driven'],
  ['engine/report/planted.ts', "import 'node:fs/promises'", 'the-world-is-behind-ports'],
  ['engine/kernel/planted.ts', "import '../store/there.ts'", 'kernel-is-the-ground'],
  ['engine/store/planted.ts', "import '../assess/there.ts'", 'ports-and-store-are-below-stages'],
  ['app/planted.ts', "import '../lab/there.ts'", 'nobody-knows-the-lab'],
  ['verify/planted.ts', "import '../domain/there.ts'", 'verify-knows-nothing'],
  ['app/planted.ts', "import './there.test.ts'", 'product-does-not-import-tests'],
]

const there = ['domain', 'engine/kernel', 'engine/store', 'engine/assess', 'engine/collect', 'duties/two', 'lab']
let tree: string

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'upkeep-boundaries-'))
  for (const file of ['tsconfig.json', 'tsconfig.base.json', 'package.json', 'node_modules'])
    symlinkSync(join(root, file), join(tree, file))
  for (const folder of there) write(`${folder}/there.ts`, 'export const there = 1')
  write('engine/pipeline.ts', 'export const pipeline = 1')
  write('app/there.test.ts', 'export const there = 1')
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), `${text}\n`)
}

function rulesBroken(): string[] {
  const folders = ['contract', 'domain', 'duties', 'collectors', 'probes', 'remediations', 'engine', 'app', 'verify']
  for (const folder of folders) mkdirSync(join(tree, folder), { recursive: true })
  const args = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    ...folders,
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    '--output-type',
    'json',
  ]
  const result: unknown = JSON.parse(
    execFileSync(process.execPath, args, { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 26 }),
  )
  const { summary } = result as { summary: { violations: { rule: { name: string } }[] } }
  return summary.violations.map((violation) => violation.rule.name)
}

test.each(planted)('%s with %s breaks %s', (file, imports, rule) => {
  write(file, `${imports}\nexport const planted = 1`)
  const broken = rulesBroken()
  rmSync(join(tree, file))
  expect(broken).toContain(rule)
})

test('a circle breaks no-circular, and what nothing uses breaks no-orphans', () => {
  write('engine/kernel/a.ts', "import './b.ts'")
  write('engine/kernel/b.ts', "import './a.ts'")
  write('engine/kernel/alone.ts', 'export const alone = 1')
  const broken = rulesBroken()
  for (const name of ['a', 'b', 'alone']) rmSync(join(tree, `engine/kernel/${name}.ts`))
  expect(broken).toContain('no-circular')
  expect(broken).toContain('no-orphans')
})
