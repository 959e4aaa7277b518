import type { Splice } from './text-edit.ts'

/** The text with its splices made. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let result = ''
  let from = 0
  for (const { at, removed, inserted } of splices) {
    result += text.slice(from, at) + inserted
    from = at + removed
  }
  return result + text.slice(from)
}

/** The splices that lead back: they count in the text that `splices` made of `before`. */
export function inverse(before: string, splices: readonly Splice[]): readonly Splice[] {
  let shift = 0
  return splices.map(({ at, removed, inserted }) => {
    const back = { at: at + shift, removed: inserted.length, inserted: before.slice(at, at + removed) }
    shift += inserted.length - removed
    return back
  })
}

/** A text as stretches of an older one and new text between them. */
export type Pieces = readonly (string | { from: number; to: number })[]

export function wholeText(text: string): Pieces {
  return [{ from: 0, to: text.length }]
}

/** Makes splices that count in the text which the pieces are now, in one walk over both. */
export function splicePieces(pieces: Pieces, splices: readonly Splice[]): Pieces {
  const made: Pieces[number][] = []
  let index = 0
  let within = 0
  const pass = (count: number, isKept: boolean) => {
    let left = count
    for (let piece = pieces[index]; left > 0 && piece !== undefined; piece = pieces[index]) {
      const taken = Math.min(left, lengthOf(piece) - within)
      if (isKept && taken > 0) made.push(cut(piece, within, within + taken))
      left -= taken
      within += taken
      if (within < lengthOf(piece)) return
      index += 1
      within = 0
    }
  }
  let at = 0
  for (const splice of splices) {
    pass(splice.at - at, true)
    pass(splice.removed, false)
    at = splice.at + splice.removed
    if (splice.inserted !== '') made.push(splice.inserted)
  }
  pass(Number.POSITIVE_INFINITY, true)
  return made
}

function lengthOf(piece: Pieces[number]): number {
  return typeof piece === 'string' ? piece.length : piece.to - piece.from
}

function cut(piece: Pieces[number], from: number, to: number): Pieces[number] {
  return typeof piece === 'string' ? piece.slice(from, to) : { from: piece.from + from, to: piece.from + to }
}

/** Pieces as splices of the older text, each as short as it can be. */
export function splicesOf(pieces: Pieces, older: string): readonly Splice[] {
  const splices: Splice[] = []
  let at = 0
  let inserted = ''
  for (const piece of [...pieces, { from: older.length, to: older.length }]) {
    if (typeof piece === 'string') {
      inserted += piece
    } else {
      const splice = shortened({ at, removed: piece.from - at, inserted }, older)
      if (splice.removed > 0 || splice.inserted !== '') splices.push(splice)
      inserted = ''
      at = piece.to
    }
  }
  return splices
}

function shortened({ at, removed, inserted }: Splice, older: string): Splice {
  const most = Math.min(removed, inserted.length)
  let head = 0
  while (head < most && older.charCodeAt(at + head) === inserted.charCodeAt(head)) head += 1
  let tail = 0
  while (
    tail < most - head &&
    older.charCodeAt(at + removed - 1 - tail) === inserted.charCodeAt(inserted.length - 1 - tail)
  )
    tail += 1
  return { at: at + head, removed: removed - head - tail, inserted: inserted.slice(head, inserted.length - tail) }
}
