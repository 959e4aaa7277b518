import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

test('writes what Node writes, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    }),
  )
})

test.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', 'AA-_', 'AA\n=', ' AAA', '====', 'AA=A', 'AAAA=', 'ÄAAA'])(
  '%j is no base64 of ours',
  (text) => {
    expect(fromBase64(text)).toBeNull()
  },
)
