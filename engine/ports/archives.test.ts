import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { archives } from './archives.ts'

const packers = [
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
] as const

describe.each(packers)('%s', (_name, pack) => {
  const whole = Buffer.alloc(8 << 20)
  const packed = new Uint8Array(pack(whole))

  test('comes out whole within the bound, and is cut off at it', () => {
    expect(packed.length).toBeLessThan(20_000)
    expect(archives.unpack(packed, 16 << 20)).toMatchObject({ state: 'present', bytes: { length: 8 << 20 } })
    expect(archives.unpack(packed, 1 << 20)).toMatchObject({
      code: 'too-large',
      reason: expect.stringContaining('1048576'),
    })
  })

  test('cut off, or with a byte changed, it is malformed', () => {
    const words = new Uint8Array(pack(Buffer.from('a text of some length, so that it has a middle '.repeat(50))))
    expect(archives.unpack(words.slice(0, words.length - 6), 1 << 20)).toMatchObject({ code: 'malformed' })
  })
})

test('what is not compressed comes back as it is, within the bound', () => {
  const bytes = new Uint8Array([1, 2, 3, 4])
  expect(archives.unpack(bytes, 4)).toEqual({ state: 'present', bytes })
  expect(archives.unpack(bytes, 3)).toMatchObject({ code: 'too-large' })
})
