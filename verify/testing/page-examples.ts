import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A page of the documentation. */
export function pageAt(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Tests that each console example of a page prints what the page says. Without a tool that they take, they are skipped. */
export function testExamples(page: string, least: number, tools: readonly string[]): void {
  const examples = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => {
    const lines = block.trimEnd().split('\n')
    const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2))
    return { commands, printed: lines.filter((line) => !line.startsWith('$ ')) }
  })
  const without = ['bash', ...tools].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0)

  test('the page has its examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(least)
  })

  test.skipIf(without.length > 0).each(examples.map((example) => [example.commands.at(-1) ?? '', example] as const))(
    'prints what the page says: %s',
    (_last, { commands, printed }) => {
      const folder = mkdtempSync(join(tmpdir(), 'upkeep-page-'))
      const env = { ...process.env, TMPDIR: folder }
      try {
        const output = execFileSync('bash', ['-c', commands.join('\n')], { cwd: root, env, encoding: 'utf8' })
        expect(output.trimEnd().split('\n')).toEqual(printed)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
}
