import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendLeaves, emptyFrontier, leafHash, rootOf } from './merkle.ts'
import { consistencySpans, inclusionSpans, type Span, verifyConsistency, verifyInclusion } from './merkle-proof.ts'

// The reference leaves of Certificate Transparency, and the paths published for them.
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
const first2 = 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'
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
function rootsOf(leaves: readonly Uint8Array[], spans: readonly Span[]): Uint8Array[] {
  return spans.map(({ from, to }) => rootOver(leaves.slice(from, to)))
}
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

describe('known answers', () => {
  test.each([
    [0, 1, []],
    [0, 8, [leaf1, leaves2to3, leaves4to7]],
    [5, 8, [leaf4, leaves6to7, first4]],
    [2, 3, [first2]],
  ] as const)('inclusion of leaf %i in size %i', (index, size, path) => {
    expect(rootsOf(reference(size), inclusionSpans(size, index)).map(hex)).toEqual(path)
  })

  test.each([
    [1, 1, []],
    [1, 8, [leaf1, leaves2to3, leaves4to7]],
    [6, 8, [leaves4to5, leaves6to7, first4]],
    [2, 5, [leaves2to3, leaf4]],
  ] as const)('consistency of size %i with size %i', (older, newer, path) => {
    expect(rootsOf(reference(newer), consistencySpans(newer, older)).map(hex)).toEqual(path)
  })
})

const tree = fc.integer({ min: 1, max: 130 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    index: fc.integer({ min: 0, max: size - 1 }),
    flip: fc.nat(),
  }),
)

/** Every sequence of hashes that differs from the proof in one place: a bit, a hash less, a hash more. */
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
        const proof = rootsOf(leaves, inclusionSpans(size, index))
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
        const proof = rootsOf(leaves, consistencySpans(size, older.size))
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
    expect(() => inclusionSpans(3, index)).toThrow(RangeError)
    expect(verifyInclusion({ leaf: root, index, size: 3, root }, [])).toBe(false)
  })

  test('a shrunk tree is not consistent', () => {
    const [older, newer] = [
      { size: 4, root: rootOver(hashes(4)) },
      { size: 3, root: rootOver(hashes(3)) },
    ]
    expect(() => consistencySpans(3, 4)).toThrow(RangeError)
    expect(verifyConsistency({ older, newer }, [])).toBe(false)
  })
})
