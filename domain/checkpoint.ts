import { fromBase64, toBase64 } from './base64.ts'
import { parseNote, type SignedNote } from './signed-note.ts'

/** A tree head: of which ledger, how many leaves, and the root over them (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** The text of a checkpoint, which is what gets signed: origin, size, root, a line each. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** The checkpoint that a note's text states; null when it states none. Lines after the root are allowed and say nothing here. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', sizeText = '', rootText = '', ...extension] = text.split('\n')
  if (origin === '' || extension.at(-1) !== '' || extension.slice(0, -1).includes('')) return null
  const size = /^(0|[1-9][0-9]{0,15})$/.test(sizeText) ? Number(sizeText) : Number.NaN
  const root = fromBase64(rootText)
  if (!Number.isSafeInteger(size) || root?.length !== 32) return null
  return { origin, size, root }
}

/** A checkpoint with the note that carries it. */
export interface CheckpointNote {
  readonly checkpoint: Checkpoint
  readonly note: SignedNote
}

/** The checkpoint in a signed note; null when it is none. */
export function parseCheckpointNote(source: string): CheckpointNote | null {
  const note = parseNote(source)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  return note === null || checkpoint === null ? null : { checkpoint, note }
}

/**
 * The notes in a file to which one was appended after another, in order; null when anything in it is something else. Signature lines
 * end a note, so that `cat` alone keeps a history.
 */
export function splitNotes(source: string): string[] | null {
  const notes: string[] = []
  let current = ''
  let signed = false
  for (const line of source.split('\n').slice(0, -1)) {
    const isSignature = line.startsWith('— ')
    if (signed && !isSignature) {
      notes.push(current)
      current = ''
    }
    current += `${line}\n`
    signed = isSignature
  }
  if (current !== '') notes.push(current)
  const whole = source === '' || (source.endsWith('\n') && signed)
  return whole && notes.every((note) => parseCheckpointNote(note) !== null) ? notes : null
}
