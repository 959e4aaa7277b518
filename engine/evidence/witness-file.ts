import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { splitNotes } from '@upkeep/domain/checkpoint'

const maxBytes = 64 * 1024 * 1024
/** Never through a link that someone put there, and never waiting at a FIFO. Windows has neither flag. */
const flags =
  constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** A note to be added, and the check that the notes before it must pass. */
export interface AppendedNotes {
  readonly text: string
  check(held: readonly string[]): Promise<void>
}

/** Adds a note at the end of a file that holds nothing but notes. False when it is the last one there already. */
export async function appendNote(path: string, note: AppendedNotes, { cwd }: { cwd: string }): Promise<boolean> {
  try {
    await using handle = await open(resolve(cwd, path), flags, 0o644)
    const held = await readNotes(handle)
    await note.check(held)
    if (held.at(-1) === note.text) return false
    await handle.appendFile(note.text)
    await handle.sync()
    return true
  } catch (error) {
    throw unwritable(error)
  }
}

async function readNotes(handle: FileHandle): Promise<string[]> {
  const facts = await handle.stat()
  if (!facts.isFile() || facts.size > maxBytes) throw foreign('It is not a plain file of a sane size.')
  const held = splitNotes(await handle.readFile('utf8'))
  if (held === null) throw foreign('It holds something that is not a checkpoint.')
  return held
}

function foreign(why: string): UserError {
  const message = `The witness is not a file of checkpoints, and was not touched. ${why}`
  return new UserError('witness-unwritable', message, 'Name a new file, or one that "upkeep checkpoint export" wrote.')
}

/** Says what kind of failure it was. What another program printed may hold anything, and stays out. */
export function unwritable(error: unknown): Error {
  if (error instanceof UserError || (error instanceof Error && error.name === 'AbortError')) return error
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code).slice(0, 40)})` : ''
  return new UserError(
    'witness-unwritable',
    `The checkpoint could not be written to the witness${code}. The ledger here is unchanged.`,
    'Check that the file, the repository or the host can be written, then run the same command again.',
  )
}
