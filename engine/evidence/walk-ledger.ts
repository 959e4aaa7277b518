import { Digest } from '@upkeep/contract/run'
import { appendLeaf, emptyFrontier, rootOf } from '@upkeep/domain/merkle'
import { z } from 'zod'
import type { LedgerLeaf, Store } from '../store/store.ts'
import { fromHex, leafHashOfBody, parsedBody, toHex } from './leaf.ts'
import { type ProblemLog, report } from './problems.ts'

const chunk = 1_000

/** A record that names an object, and what kind of object it is. */
export interface ObjectReference {
  readonly leaf: LedgerLeaf
  readonly digest: string
  readonly isManifest: boolean
}

/** What one pass over the ledger gives, besides problems. */
export interface LedgerWalk {
  readonly size: number
  /** Root by size, for the sizes asked for. */
  readonly roots: ReadonlyMap<number, string>
  /** Key records whose bytes are those that were sealed, in the order of their leaves. */
  readonly keys: readonly { readonly index: number; readonly body: string }[]
  /** The first record that names each object: an unchanged fleet names the same ones in every run. */
  readonly references: ReadonlyMap<string, ObjectReference>
  /** Leaf index by type and record id. */
  readonly sealed: ReadonlyMap<string, number>
}

interface Mismatch {
  readonly leaf: LedgerLeaf
  readonly found: string
}

/** Reads the ledger once, from the first leaf to the last, and every record it names. */
export async function walkLedger(store: Store, sizes: ReadonlySet<number>, log: ProblemLog): Promise<LedgerWalk> {
  const size = await store.ledger.size()
  const roots = new Map<number, string>()
  const walk: Walking = { sealed: new Map(), keys: [], references: new Map(), mismatches: [] }
  let frontier = emptyFrontier
  if (sizes.has(0)) roots.set(0, toHex(rootOf(frontier)))
  for await (const leaf of leavesOf(store, size, log)) {
    frontier = appendLeaf(frontier, fromHex(leaf.leafHash))
    // After a gap the roots mean nothing: the tree can no longer be built.
    if (frontier.size === leaf.index + 1 && sizes.has(frontier.size)) roots.set(frontier.size, toHex(rootOf(frontier)))
    noteSealed(walk.sealed, leaf, log)
    checkLeaf(walk, leaf, await store.records.get(leaf.type, leaf.recordId), log)
  }
  reportMismatches(walk.mismatches, log)
  return { size, roots, ...walk }
}

interface Walking {
  sealed: Map<string, number>
  keys: { index: number; body: string }[]
  references: Map<string, ObjectReference>
  mismatches: Mismatch[]
}

function checkLeaf(walk: Walking, leaf: LedgerLeaf, body: string | null, log: ProblemLog): void {
  if (body === null) {
    report(log, 'record-missing', 'it is sealed, and not in the store', at(leaf))
    return
  }
  const found = leafHashOfBody(leaf.type, body)
  if (found !== leaf.leafHash) {
    walk.mismatches.push({ leaf, found })
    return
  }
  if (leaf.type === 'key') walk.keys.push({ index: leaf.index, body })
  const references = referencesIn(leaf, body)
  if (references === null) report(log, 'unreadable', 'it is sealed, and not a record of its type', at(leaf))
  else for (const reference of references) noteReference(walk.references, reference)
}

function noteReference(first: Map<string, ObjectReference>, reference: ObjectReference): void {
  // No verdicts and no observations are the same object, "[]": as a manifest and as something else it counts apart.
  const name = `${reference.digest} ${reference.isManifest}`
  if (!first.has(name)) first.set(name, reference)
}

/** Where a leaf stands, as problems name it. */
export function at(leaf: LedgerLeaf): { index: number; record: { type: string; id: string } } {
  return { index: leaf.index, record: { type: leaf.type, id: leaf.recordId } }
}

async function* leavesOf(store: Store, size: number, log: ProblemLog): AsyncGenerator<LedgerLeaf> {
  let expected = 0
  for (let from = 0; from < size; from += chunk) {
    const leaves = await readLeaves(store, from, Math.min(size, from + chunk), log)
    for (const leaf of leaves) {
      if (leaf.index > expected) reportGap(expected, leaf.index, log)
      expected = leaf.index + 1
      yield leaf
    }
  }
}

async function readLeaves(store: Store, from: number, to: number, log: ProblemLog): Promise<LedgerLeaf[]> {
  try {
    return await store.ledger.range(from, to)
  } catch {
    report(log, 'unreadable', `leaves ${from} to ${to - 1} cannot be read`, { index: from })
    return []
  }
}

function reportGap(from: number, to: number, log: ProblemLog): void {
  report(log, 'leaf-missing', `the ledger has no leaves ${from} to ${to - 1}`, { index: from })
}

function noteSealed(sealed: Map<string, number>, leaf: LedgerLeaf, log: ProblemLog): void {
  const name = `${leaf.type} ${leaf.recordId}`
  const earlier = sealed.get(name)
  if (earlier === undefined) sealed.set(name, leaf.index)
  else report(log, 'order-changed', `its record is sealed at leaf ${earlier} already`, at(leaf))
}

/** A record found under another leaf than its own was moved; any other difference is a change. */
function reportMismatches(mismatches: readonly Mismatch[], log: ProblemLog): void {
  const homes = new Map(mismatches.map(({ leaf }) => [leaf.leafHash, leaf.index]))
  for (const { leaf, found } of mismatches) {
    const home = homes.get(found)
    if (home === undefined) report(log, 'record-changed', 'its bytes are not those that were sealed', at(leaf))
    else report(log, 'record-moved', `it holds what was sealed at leaf ${home}`, at(leaf))
  }
}

const RunReferences = z.looseObject({ observations: Digest.nullable(), verdicts: Digest.nullable() })
const BaselineReferences = z.looseObject({ servers: z.array(z.looseObject({ approved: Digest.nullable() })) })

/** The objects that a record names; null when it is not a record of its type. */
export function referencesIn(leaf: LedgerLeaf, body: string): ObjectReference[] | null {
  if (leaf.type === 'run') {
    const run = RunReferences.safeParse(parsedBody(body)).data
    if (run === undefined) return null
    return [...refer(leaf, run.observations, true), ...refer(leaf, run.verdicts, false)]
  }
  if (leaf.type !== 'baseline') return []
  const servers = BaselineReferences.safeParse(parsedBody(body)).data?.servers
  return servers?.flatMap(({ approved }) => refer(leaf, approved, false)) ?? null
}

function refer(leaf: LedgerLeaf, digest: string | null, isManifest: boolean): ObjectReference[] {
  return digest === null ? [] : [{ leaf, digest, isManifest }]
}
