import { emptyFrontier, nodeHash, rootOf, sameHash } from './merkle.ts'

/** Neighbouring leaves, `from` up to but without `to`, whose root stands in a proof. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The spans whose roots lead from the leaf at `index` to the root over all `size` leaves (RFC 9162, 2.1.3.1), nearest the leaf first. */
export function inclusionSpans(size: number, index: number): Span[] {
  if (!isSize(size) || !isSize(index) || index >= size) throw new RangeError('no leaf has that index')
  const spans: Span[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from)
    spans.unshift(index < middle ? { from: middle, to } : { from, to: middle })
    if (index < middle) to = middle
    else from = middle
  }
  return spans
}

/** The spans whose roots show the tree over the first `older` leaves to be the beginning of the tree over all (RFC 9162, 2.1.4.1). */
export function consistencySpans(size: number, older: number): Span[] {
  if (!isSize(size) || !isSize(older) || older > size) throw new RangeError('the tree never had that size')
  if (older === 0 || older === size) return []
  const spans: Span[] = []
  let [from, to] = [0, size]
  while (older < to) {
    const middle = from + largestPowerBelow(to - from)
    spans.unshift(older <= middle ? { from: middle, to } : { from, to: middle })
    if (older <= middle) to = middle
    else from = middle
  }
  // The older root itself is known to whoever checks, so it is left out when it is one whole subtree.
  return from === 0 ? spans : [{ from, to }, ...spans]
}

/** What an inclusion proof claims: this leaf stands at this index of the tree of this size and root. */
export interface InclusionClaim {
  leaf: Uint8Array
  index: number
  size: number
  root: Uint8Array
}

/** Whether a proof shows its claim (RFC 9162, 2.1.3.2). */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  if (!isSize(claim.size) || !isSize(claim.index) || claim.index >= claim.size) return false
  let node = claim.index
  let last = claim.size - 1
  let root = claim.leaf
  for (const hash of proof) {
    if (last === 0) return false
    const fromLeft = isOdd(node) || node === last
    root = fromLeft ? nodeHash(hash, root) : nodeHash(root, hash)
    ;[node, last] = climb(node, last, fromLeft)
  }
  return last === 0 && sameHash(root, claim.root)
}

/** What a consistency proof claims: the tree of the older size and root is the beginning of the newer one. */
export interface ConsistencyClaim {
  older: { size: number; root: Uint8Array }
  newer: { size: number; root: Uint8Array }
}

/** Whether a proof shows its claim (RFC 9162, 2.1.4.2). The empty tree is the beginning of every tree. */
export function verifyConsistency({ older, newer }: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  if (!isSize(older.size) || !isSize(newer.size) || older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && sameHash(older.root, newer.root)
  if (older.size === 0) return proof.length === 0 && sameHash(older.root, rootOf(emptyFrontier))
  const [first, ...rest] = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof
  return first !== undefined && climbBoth({ older, newer }, first, rest)
}

function climbBoth({ older, newer }: ConsistencyClaim, first: Uint8Array, rest: readonly Uint8Array[]): boolean {
  let node = older.size - 1
  let last = newer.size - 1
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  let olderRoot = first
  let newerRoot = first
  for (const hash of rest) {
    if (last === 0) return false
    const fromLeft = isOdd(node) || node === last
    if (fromLeft) olderRoot = nodeHash(hash, olderRoot)
    newerRoot = fromLeft ? nodeHash(hash, newerRoot) : nodeHash(newerRoot, hash)
    ;[node, last] = climb(node, last, fromLeft)
  }
  return last === 0 && sameHash(olderRoot, older.root) && sameHash(newerRoot, newer.root)
}

/** One level up; when a left neighbour was taken in, also past every level at which there is none to the right. */
function climb(node: number, last: number, fromLeft: boolean): [number, number] {
  let up: [number, number] = [node, last]
  while (fromLeft && !isOdd(up[0]) && up[0] !== 0) up = [half(up[0]), half(up[1])]
  return [half(up[0]), half(up[1])]
}

function largestPowerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

// Sizes may pass 2^31, where bit operators fail: arithmetic only.
function half(size: number): number {
  return Math.floor(size / 2)
}
function isOdd(size: number): boolean {
  return size % 2 === 1
}
function isPowerOfTwo(size: number): boolean {
  return largestPowerBelow(size + 1) === size
}
function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0
}
