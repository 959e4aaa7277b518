import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'

const leafMark = Uint8Array.of(0)
const nodeMark = Uint8Array.of(1)

/** The hash of one leaf of a Merkle tree (RFC 9162, 2.1.1): SHA-256 over a zero byte and the leaf's bytes. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(leafMark, bytes))
}

/** The hash over two subtrees. Its mark differs from a leaf's, so that no leaf can pass for a node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(nodeMark, left, right))
}

/**
 * All that must be kept of a tree to grow it: its size, and the roots of its perfect subtrees from the left, the largest first. One hash
 * for each bit set in `size`, so that appending never hashes what is there already.
 */
export interface MerkleFrontier {
  readonly size: number
  readonly roots: readonly Uint8Array[]
}

export const emptyFrontier: MerkleFrontier = { size: 0, roots: [] }

/** The frontier after one more leaf. The one given stays as it was. */
export function appendLeaf(frontier: MerkleFrontier, leaf: Uint8Array): MerkleFrontier {
  const roots = [...frontier.roots]
  let root = leaf
  // Each trailing one bit of the size is a perfect subtree as large as the one being carried: they join.
  for (let carry = frontier.size; carry % 2 === 1; carry = (carry - 1) / 2) root = nodeHash(takeLast(roots), root)
  roots.push(root)
  return { size: frontier.size + 1, roots }
}

/** The frontier after several more leaves. */
export function appendLeaves(frontier: MerkleFrontier, leaves: Iterable<Uint8Array>): MerkleFrontier {
  let grown = frontier
  for (const leaf of leaves) grown = appendLeaf(grown, leaf)
  return grown
}

/** The root of the tree that a frontier stands for. The empty tree has the SHA-256 of nothing. */
export function rootOf(frontier: MerkleFrontier): Uint8Array {
  const roots = [...frontier.roots]
  if (roots.length === 0) return sha256(new Uint8Array())
  let root = takeLast(roots)
  while (roots.length > 0) root = nodeHash(takeLast(roots), root)
  return root
}

/** Whether two hashes are the same. They are public: nothing is gained by taking constant time. */
export function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

function takeLast(roots: Uint8Array[]): Uint8Array {
  const root = roots.pop()
  if (root === undefined) throw new RangeError('the frontier holds fewer roots than its size says')
  return root
}
