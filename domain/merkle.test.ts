import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendLeaf, appendLeaves, emptyFrontier, leafHash, nodeHash, rootOf, sameHash } from './merkle.ts'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './merkle-proof.ts'

// The reference leaves of Certificate Transparency, and the roots and paths published for them.
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
const first4 = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'
const leaf1 = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'
const leaves2to3 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e'
const leaves4to7 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'
const leaf4 = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'
const leaves6to7 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
const leaves4to5 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a'

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

  test.each([
    [0, 1, []],
    [0, 8, [leaf1, leaves2to3, leaves4to7]],
    [5, 8, [leaf4, leaves6to7, first4]],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  ] as const)('inclusion of leaf %i in size %i', (index, size, path) => {
    expect(inclusionProof(reference(size), index).map(hex)).toEqual(path)
  })

  test.each([
    [1, 1, []],
    [1, 8, [leaf1, leaves2to3, leaves4to7]],
    [6, 8, [leaves4to5, leaves6to7, first4]],
    [2, 5, [leaves2to3, leaf4]],
  ] as const)('consistency of size %i with size %i', (older, newer, path) => {
    expect(consistencyProof(reference(newer), older).map(hex)).toEqual(path)
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

const tree = fc.integer({ min: 1, max: 130 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    index: fc.integer({ min: 0, max: size - 1 }),
    flip: fc.nat(),
  }),
)

/** Every byte sequence that differs from the proof in one place: a bit, a hash less, a hash more. */
function spoiled(proof: readonly Uint8Array[], flip: number): Uint8Array[][] {
  const bent = proof.map((hash, at) =>
    at === flip % proof.length ? hash.with(flip % 32, (hash[flip % 32] ?? 0) ^ 1) : hash,
  )
  const longer = [...proof, leafHash(Uint8Array.of(9))]
  return proof.length === 0 ? [longer] : [bent, longer, proof.slice(1), proof.slice(0, -1)]
}

describe('proofs', () => {
  test('inclusion: the proof made is accepted, a spoiled one is not', () => {
    fc.assert(
      fc.property(tree, ({ size, index, flip }) => {
        const leaves = hashes(size)
        const leaf = leafHash(Uint8Array.of(index % 256, index >> 8))
        const claim = { leaf, index, size, root: rootOver(leaves) }
        const proof = inclusionProof(leaves, index)
        expect(verifyInclusion(claim, proof)).toBe(true)
        expect(verifyInclusion({ ...claim, leaf: leafHash(Uint8Array.of(7, 7, 7)) }, proof)).toBe(false)
        for (const wrong of spoiled(proof, flip)) expect(verifyInclusion(claim, wrong)).toBe(false)
        if (size > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % size }, proof)).toBe(false)
      }),
    )
  })

  test('consistency: the proof made is accepted, a spoiled one is not', () => {
    fc.assert(
      fc.property(tree, ({ size, index, flip }) => {
        const leaves = hashes(size)
        const older = { size: index + 1, root: rootOver(leaves.slice(0, index + 1)) }
        const newer = { size, root: rootOver(leaves) }
        const proof = consistencyProof(leaves, older.size)
        expect(verifyConsistency({ older, newer }, proof)).toBe(true)
        for (const wrong of spoiled(proof, flip)) expect(verifyConsistency({ older, newer }, wrong)).toBe(false)
        const rewritten = { ...older, root: leafHash(Uint8Array.of(3, 3, 3)) }
        expect(verifyConsistency({ older: rewritten, newer }, proof)).toBe(false)
      }),
    )
  })

  test('the empty tree is the beginning of every tree', () => {
    const newer = { size: 5, root: rootOver(hashes(5)) }
    expect(verifyConsistency({ older: { size: 0, root: rootOf(emptyFrontier) }, newer }, [])).toBe(true)
    expect(verifyConsistency({ older: { size: 0, root: newer.root }, newer }, [])).toBe(false)
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 60, 3])('index %d is no leaf of three', (index) => {
    const root = rootOver(hashes(3))
    expect(() => inclusionProof(hashes(3), index)).toThrow(RangeError)
    expect(verifyInclusion({ leaf: root, index, size: 3, root }, [])).toBe(false)
  })

  test('a shrunk tree is not consistent', () => {
    const [older, newer] = [
      { size: 4, root: rootOver(hashes(4)) },
      { size: 3, root: rootOver(hashes(3)) },
    ]
    expect(() => consistencyProof(hashes(3), 4)).toThrow(RangeError)
    expect(verifyConsistency({ older, newer }, [])).toBe(false)
  })

  test('hashes of unlike length are not the same', () => {
    expect(sameHash(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false)
  })
})
