import { gzipSync, zstdCompressSync } from 'node:zlib'
import { writeTar } from '@upkeep/lab/archives/write-tar'
import { expect, test } from 'vitest'
import { kindOfBytes } from './kind-of-bytes.ts'
import { buildZip } from './testing/build-zip.ts'
import { listZip } from './zip-entries.ts'

const bounds = { maxEntries: 10, maxDeclaredBytes: 1_000 }
const zip = buildZip([{ name: 'a', bytes: Buffer.from('x') }])

test.each<[string, Uint8Array, string]>([
  ['nothing', Buffer.alloc(0), 'it is no zip: it is empty'],
  [
    'a page that a proxy sent',
    Buffer.from('\n<!DOCTYPE html><title>Sign in</title>'),
    'it is no zip: it is a web page',
  ],
  ['an answer of a service', Buffer.from('\ufeff {"error": "no such file"}'), 'it is no zip: it is JSON'],
  ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'it is no zip: it is text'],
  ['gzip', gzipSync('x'), 'it is no zip: it is gzip'],
  ['zstd', zstdCompressSync('x'), 'it is no zip: it is a Zstandard archive'],
  ['tar', writeTar([{ path: 'a', content: 'x' }]), 'it is no zip: it is a tar archive'],
  ['bytes of no known kind', Buffer.from([1, 2, 3, 0, 5]), 'it is no zip'],
])('%s is called what it is', async (_name, bytes, says) => {
  expect(await listZip(Buffer.from(bytes), bounds)).toBe(says)
})

test.each([
  ['cut off at its end', zip.subarray(0, zip.length - 8)],
  ['only begun', zip.subarray(0, 40)],
])('a zip that is %s is still called a zip', async (_name, bytes) => {
  expect(await listZip(bytes, bounds)).toContain('a zip that is cut off or damaged')
})

test('what is nothing known is not guessed', () => {
  expect(kindOfBytes(Buffer.from([0, 1, 2]))).toBeNull()
})
