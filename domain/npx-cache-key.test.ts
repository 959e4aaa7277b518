import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { npxCacheKey } from './npx-cache-key.ts'

// Folder names that npm 11.19 itself made for these packages.
test.each([
  [['@modelcontextprotocol/server-filesystem@2025.3.28'], '88b1cca3c4790e13'],
  [['@modelcontextprotocol/server-filesystem'], 'a3241bba59c344f5'],
  [['mcp-remote@0.1.15'], 'b5e7877907ed5927'],
])('%s is %s', (packages, key) => expect(npxCacheKey(packages)).toBe(key))

test('the order of several packages does not count', () => {
  expect(npxCacheKey(['b@1', 'A', 'a'])).toBe(npxCacheKey(['a', 'b@1', 'A']))
  expect(npxCacheKey(['b', 'a'])).not.toBe(npxCacheKey(['b']))
})

test('it is the head of the SHA-512', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(npxCacheKey([text])).toBe(createHash('sha512').update(text).digest('hex').slice(0, 16))
    }),
  )
})
