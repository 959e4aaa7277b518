import { UserError } from '@upkeep/contract/errors'
import { parseCheckpointNote, splitNotes } from '@upkeep/domain/checkpoint'
import { parseVerifierKey } from '@upkeep/domain/signed-note'
import type { Store } from '../store/store.ts'
import { checkCheckpoints, checkEarlier } from './check-checkpoints.ts'
import { readKeyChain } from './check-keys.ts'
import { checkObjects } from './check-objects.ts'
import { checkTables } from './check-tables.ts'
import { limitsOf } from './limits.ts'
import { type EvidenceProblem, newProblemLog, report } from './problems.ts'
import { walkLedger } from './walk-ledger.ts'

/** What the evidence is held against besides itself: files of checkpoints exported earlier, and public keys kept elsewhere. */
export interface Against {
  readonly earlier?: readonly string[]
  readonly keys?: readonly string[]
}

/** What verifying found. Valid is what has no problem; `cannotTell` is what nobody could see from what was given. */
export interface EvidenceReport {
  readonly valid: boolean
  readonly origin: string | null
  readonly leaves: number
  readonly records: number
  readonly objects: number
  readonly checkpoints: number
  readonly earlier: number
  readonly problems: readonly EvidenceProblem[]
  readonly problemCount: number
  readonly cannotTell: readonly string[]
}

/** Verifies everything that a store holds: records, objects, order, keys, checkpoints. Reads all of it as of one moment; changes nothing. */
export async function verifyStore(store: Store, against: Against = {}): Promise<EvidenceReport> {
  return store.transaction((tx) => verify(tx, against))
}

async function verify(store: Store, against: Against): Promise<EvidenceReport> {
  const log = newProblemLog()
  for (const key of against.keys ?? []) refuseUnlessKey(key)
  const earlier = (against.earlier ?? []).flatMap(readEarlier)
  const checkpoints = await store.checkpoints.list()
  const sizes = new Set([...checkpoints.map(({ size }) => size), ...earlier.map(({ size }) => size)])
  const walk = await walkLedger(store, sizes, log)
  const chain = readKeyChain(walk.keys, log)
  const held = { size: walk.size, roots: walk.roots, chain }
  checkCheckpoints(checkpoints, held, log)
  checkEarlier(
    earlier.map(({ note }) => note),
    held,
    log,
  )
  const known = chain.map(({ record }) => record.key)
  for (const key of against.keys ?? [])
    if (!known.includes(key)) report(log, 'key-invalid', 'the key kept elsewhere is none of this ledger')
  const records = await checkTables(store, walk.sealed, log)
  const objects = await checkObjects(store, walk.references, log)
  const newest = earlier.reduce((most, { size }) => Math.max(most, size), 0)
  return {
    valid: log.count === 0,
    origin: chain.at(0)?.record.origin ?? null,
    leaves: walk.size,
    records,
    objects,
    checkpoints: checkpoints.length,
    earlier: earlier.length,
    problems: log.list,
    problemCount: log.count,
    cannotTell: limitsOf({
      earlier: earlier.length,
      newest,
      leaves: walk.size,
      pinned: (against.keys ?? []).length > 0,
    }),
  }
}

function readEarlier(source: string): { note: string; size: number }[] {
  const notes = splitNotes(source)
  if (notes === null || notes.length === 0)
    throw new UserError(
      'bad-input',
      'A file given as an earlier checkpoint is not one.',
      'Give a file that "upkeep checkpoint export" wrote.',
    )
  return notes.map((note) => ({ note, size: parseCheckpointNote(note)?.checkpoint.size ?? 0 }))
}

function refuseUnlessKey(line: string): void {
  if (parseVerifierKey(line) === null)
    throw new UserError('bad-input', 'A key given is not a public key.', 'Give it in one line: name+id+base64.')
}
