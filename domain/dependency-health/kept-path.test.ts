import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { keptPath } from './kept-path.ts'

test('is the SHA-512 in hexadecimal, whatever stands beside it', () => {
  for (let round = 0; round < 50; round += 1) {
    const hash = createHash('sha512').update(randomBytes(20)).digest()
    const hex = hash.toString('hex')
    const path = `sha512/${hex.slice(0, 2)}/${hex.slice(2)}`
    expect(keptPath(`sha512-${hash.toString('base64')}`)).toBe(path)
    expect(keptPath(`sha1-AAAA= sha512-${hash.toString('base64')}`)).toBe(path)
  }
})

test.each([
  '',
  'sha1-AAAA=',
  'sha512-',
  'sha512-../../etc/passwd',
  `sha512-${'A'.repeat(88)}`,
  `sha512-${'A'.repeat(86)}`,
])('nothing is kept by %s', (integrity) => {
  expect(keptPath(integrity)).toBeNull()
})
