import { describe, expect, test } from 'vitest'
import { appendLeaf, appendLeaves, emptyFrontier, leafHash, nodeHash, rootOf, sameHash } from './merkle.ts'

// The reference leaves of Certificate Transparency, and the roots published for them.
const referenceLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const referenceRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

function hashes(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafHash(Uint8Array.of(index % 256, index >> 8)))
}
function reference(count: number): Uint8Array[] {
  return referenceLeaves.slice(0, count).map((hex) => leafHash(Buffer.from(hex, 'hex')))
}
function rootOver(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOf(appendLeaves(emptyFrontier, leaves))
}
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
/** The definition of RFC 9162, 2.1.1, word by word: what the frontier must agree with. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (leaves.length === 1 && only !== undefined) return only
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  return nodeHash(definedRoot(leaves.slice(0, middle)), definedRoot(leaves.slice(middle)))
}

describe('known answers', () => {
  test.each(referenceRoots.map((root, size) => [size, root] as const))('root at size %i', (size, root) => {
    expect(hex(rootOver(reference(size)))).toBe(root)
  })
})

describe('frontier', () => {
  test('agrees with the definition at every size', () => {
    let frontier = emptyFrontier
    const leaves = hashes(200)
    for (const [index, leaf] of leaves.entries()) {
      frontier = appendLeaf(frontier, leaf)
      expect(hex(rootOf(frontier))).toBe(hex(definedRoot(leaves.slice(0, index + 1))))
    }
  })

  test('keeps one root for each bit of its size', () => {
    expect(appendLeaves(emptyFrontier, hashes(0b1011011)).roots).toHaveLength(5)
  })

  test('one that lies about its size is refused', () => {
    expect(() => appendLeaf({ size: 3, roots: [] }, leafHash(Uint8Array.of(1)))).toThrow(RangeError)
  })
})

test('hashes of unlike length are not the same', () => {
  expect(sameHash(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false)
  expect(sameHash(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
})
