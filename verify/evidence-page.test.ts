import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/evidence.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'upkeep-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const without = ['bash', 'jq', 'sha256sum', 'openssl', 'xxd', 'base64'].filter((name) => missing(name))

function missing(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0
}

/** The commands of each example, and what the page says they print. */
const examples = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => {
  const lines = block.trimEnd().split('\n')
  const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2))
  return { commands, printed: lines.filter((line) => !line.startsWith('$ ')) }
})

test('the page has its examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(8)
})

test.skipIf(without.length > 0).each(examples.map((example) => [example.commands.at(-1) ?? '', example] as const))(
  'prints what the page says: %s',
  (_last, { commands, printed }) => {
    const env = { ...process.env, TMPDIR: folder }
    const output = execFileSync('bash', ['-c', commands.join('\n')], { cwd: root, env, encoding: 'utf8' })
    expect(output.trimEnd().split('\n')).toEqual(printed)
  },
)

test('every kind of problem that can be told is on the page', () => {
  const kinds = [
    ...[...readFileSync(join(root, 'engine/evidence/problems.ts'), 'utf8').matchAll(/^ {2}\| '([a-z-]+)'$/gm)],
    ...[...readFileSync(join(root, 'verify/upkeep-verify.mjs'), 'utf8').matchAll(/tell\('([a-z-]+)'/g)],
  ].map(([, kind = '']) => kind)
  expect(kinds.length).toBeGreaterThan(20)
  for (const kind of kinds) expect(page).toContain(`\`${kind}\``)
})
