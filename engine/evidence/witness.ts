import { UserError } from '@upkeep/contract/errors'
import { parseCheckpointNote } from '@upkeep/domain/checkpoint'
import type { Store, StoredCheckpoint } from '../store/store.ts'
import { toHex } from './leaf.ts'
import { rootsAt } from './roots-at.ts'
import { type AppendedNotes, appendNote } from './witness-file.ts'
import { commitNote } from './witness-git.ts'
import { type HostCall, sendNote } from './witness-host.ts'

/** From where a witness is named, and what stops it. */
export interface WitnessCall extends HostCall {
  readonly cwd: string
}

/** What came of an export: the checkpoint, and whether the witness did not have it yet. */
export interface Witnessed {
  readonly checkpoint: StoredCheckpoint
  readonly added: boolean
}

/**
 * Puts the newest checkpoint where whoever holds this state cannot take it back: at the end of a file, `git:<folder>` a commit in a
 * repository, `ssh:<host>:<file>` the end of a file on another host. What a file or repository holds already is compared with the ledger.
 *
 * @throws UserError `not-found` when nothing is sealed, `witness-unwritable`, `evidence-invalid` when the witness holds a checkpoint that
 *   this ledger does not fit: it was rewritten or cut since.
 */
export async function exportCheckpoint(store: Store, to: string, call: WitnessCall): Promise<Witnessed> {
  const checkpoint = await store.checkpoints.latest()
  if (checkpoint === null) throw new UserError('not-found', 'Nothing is sealed yet.', 'Run "upkeep scan" first.')
  const note: AppendedNotes = { text: checkpoint.note, check: (held) => holdAgainst(store, checkpoint, held) }
  return { checkpoint, added: await write(to, note, call) }
}

async function write(to: string, note: AppendedNotes, call: WitnessCall): Promise<boolean> {
  if (to.startsWith('git:')) return commitNote(to.slice(4), note, call)
  if (to.startsWith('ssh:')) return sendNote(to.slice(4), note.text, call)
  return appendNote(to, note, call)
}

/** A witness that disagrees is the very thing that it is for: it must be heard before another note is added. */
async function holdAgainst(store: Store, newest: StoredCheckpoint, held: readonly string[]): Promise<void> {
  const origin = parseCheckpointNote(newest.note)?.checkpoint.origin
  const checkpoints = held.flatMap((note) => parseCheckpointNote(note)?.checkpoint ?? [])
  const foreign = checkpoints.find((checkpoint) => checkpoint.origin !== origin)
  if (foreign !== undefined)
    throw new UserError(
      'witness-unwritable',
      'The witness holds checkpoints of another ledger. It was not touched.',
      'Name another file or repository: one witness file for each ledger.',
    )
  const roots = await rootsAt(store, new Set(checkpoints.map(({ size }) => size)))
  const differing = checkpoints.find(({ size, root }) => roots.get(size) !== toHex(root))
  if (differing === undefined) return
  throw new UserError(
    'evidence-invalid',
    `The witness holds a checkpoint of ${differing.size} leaves that this ledger does not fit: it was rewritten or cut since. Nothing was added.`,
    'Run "upkeep verify --checkpoint <file>" with the file of the witness.',
  )
}
