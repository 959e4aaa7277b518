import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { root } from './units.ts'

const planted = join(root, 'domain', 'planted-for-the-lint-test.ts')
afterEach(() => rmSync(planted, { force: true }))

function lint(expression: string): { status: number | null; text: string } {
  writeFileSync(planted, `export function planted(at: string): unknown {\n  return [at, ${expression}]\n}\n`)
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const result = spawnSync(process.execPath, [biome, 'lint', planted], { cwd: root, encoding: 'utf8' })
  return { status: result.status, text: `${result.stdout}${result.stderr}` }
}

test.each(['Date.now()', 'new Date()', 'Math.random()', 'performance.now()'])(
  '%s in pure code is an error',
  (expression) => {
    const { status, text } = lint(expression)
    expect(status).toBe(1)
    expect(text).toMatch(/No (clock|dice) in pure code/)
  },
)

test('a moment that was handed over is no clock', () => {
  expect(lint('new Date(at).getTime()').status).toBe(0)
})
