import { growthOfTenfold } from '@upkeep/lab/growth'
import { describe, expect, test } from 'vitest'
import { readCodeOwners } from './code-owners.ts'

// Worked out by hand from what GitHub documents of the format.
const file = `# who answers for what
*           @acme/everyone

*.js        @js-owner # inline
/build/logs/ @doctocat
docs/*      docs@example.com
apps/       @octocat
/docs/      @doctocat @acme/docs
/apps/github
**/logs     @logs
!.mcp.json  @never
[ab].json   @never
with\\ space.json @space
.vscode/mcp.json not-an-owner @mcp-team
`

describe('CODEOWNERS', () => {
  const owners = readCodeOwners(file)
  test.each([
    ['README.md', ['@acme/everyone'], 2],
    ['deep/down/a.js', ['@js-owner'], 4],
    ['build/logs/x/y.txt', ['@logs'], 10],
    ['docs/a.md', ['@doctocat', '@acme/docs'], 8],
    ['src/docs/a.md', ['@acme/everyone'], 2],
    ['x/apps/a.txt', ['@octocat'], 7],
    ['deep/logs/today.txt', ['@logs'], 10],
    ['.mcp.json', ['@acme/everyone'], 2],
    ['a.json', ['@acme/everyone'], 2],
    ['with space.json', ['@space'], 13],
    ['.vscode/mcp.json', ['@mcp-team'], 14],
  ])('%s', (path, expected, line) => {
    expect(owners.of(path)).toEqual({ owners: expected, line })
  })

  test('a line that names nobody takes the owner away', () => {
    expect(owners.of('apps/github/a.txt')).toBeNull()
    expect(readCodeOwners('').of('a')).toBeNull()
  })

  test('a star at the end does not reach further down', () => {
    const flat = readCodeOwners('docs/* docs@example.com\n')
    expect(flat.of('docs/a.md')?.owners).toEqual(['docs@example.com'])
    expect(flat.of('docs/build/a.md')).toBeNull()
  })

  test('the last of several lines counts, and upper case is not lower case', () => {
    expect(readCodeOwners('*.json @a\n*.json @b\n').of('x/y.json')?.owners).toEqual(['@b'])
    expect(readCodeOwners('/Docs/ @a\n').of('docs/x')).toBeNull()
  })

  test.each(['/etc/passwd', '../up.json', './here.json', ''])('%s lies in no repository', (path) => {
    expect(readCodeOwners('* @a\n').of(path)).toBeNull()
  })

  test('a hostile file costs no more than its length', () => {
    const work = (count: number) => {
      const lines = Array.from({ length: count }, (_, index) => `${'**/a'.repeat(30)}${index}/* @a${'#'.repeat(50)}`)
      readCodeOwners(lines.join('\n')).of(`${'a/'.repeat(20)}x.json`)
    }
    expect(growthOfTenfold(work, 500)).toBeLessThan(30)
  })
})
