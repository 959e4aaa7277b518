import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'
import { judgeName, type KnownNames } from './judge-name.ts'

const known: KnownNames = {
  scopes: { modelcontextprotocol: ['server-filesystem', 'server-github'], playwright: ['mcp'] },
  unscoped: ['mcp-remote', 'fastmcp', 'chrome-devtools-mcp', 'n8n-mcp'],
}

describe('how a name passes for another', () => {
  test.each([
    ['mcp-rem0te', 'mcp-remote', 'look-alike letters'],
    ['mcp-r\u0435mote', 'mcp-remote', 'look-alike letters'],
    ['mcp_remote', 'mcp-remote', 'separators'],
    ['chrome-devtool-mcp', 'chrome-devtools-mcp', 'letters'],
    ['@modelcontextprotoco1/server-filesystem', '@modelcontextprotocol/server-filesystem', 'look-alike letters'],
    ['@modelcontextprotocl/anything', '@modelcontextprotocol/server-filesystem', 'the scope'],
    ['@playwrigth/mcp', '@playwright/mcp', 'the scope'],
    ['server-github', '@modelcontextprotocol/server-github', 'a missing scope'],
    ['@mcp/server-github', '@modelcontextprotocol/server-github', 'the scope'],
    ['@anthropic/mcp-server-github', '@modelcontextprotocol/server-github', 'the scope'],
    ['modelcontextprotocol-server-github', '@modelcontextprotocol/server-github', 'a missing scope'],
  ])('%s', (name, imitates, by) => expect(judgeName(name, 'npm', known)).toEqual({ imitates, by }))

  test.each([
    'mcp-remote',
    '@modelcontextprotocol/server-git',
    '@acme/mcp-remote',
    '@acme/server-github',
    '@mcpherson/server-github',
    '@mcp/server',
    'server-static',
    '@playwrights/test',
    'n8m-mcp',
    'mcp-remote2',
    'mcp-router',
    'a'.repeat(5_000),
  ])('%s passes for none', (name) => expect(judgeName(name, 'npm', known)).toBeNull())

  test('PyPI treats separators and case alike: the same project is no imitation', () => {
    expect(judgeName('MCP_Remote', 'PyPI', { scopes: {}, unscoped: ['mcp-remote'] })).toBeNull()
  })
})

describe('edit distance', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
  test('is none for the same word only, the same both ways, and no more than by way of a third', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b, 20) === 0).toBe(a === b)
        expect(editDistance(a, b, 20)).toBe(editDistance(b, a, 20))
        expect(editDistance(a, c, 20)).toBeLessThanOrEqual(2 * (editDistance(a, b, 20) + editDistance(b, c, 20)))
      }),
    )
  })
  test.each([
    ['remote', 'remtoe', 1],
    ['remote', 'remot', 1],
    ['remote', 'remotes', 1],
    ['remote', 'rewote', 1],
    ['remote', 'router', 3],
  ])('%s, %s', (one, other, distance) => expect(editDistance(one, other, 2)).toBe(distance))
})
