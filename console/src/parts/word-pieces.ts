/** A part of a text, and whether the other text has it too. */
export interface Piece {
  readonly text: string
  readonly differs: boolean
}

/** A mark of a hidden sign, a word, blanks, or any other sign: each alone. */
const words = /⟨U\+[0-9A-F]{4,6}⟩|[\p{L}\p{M}\p{N}_]+|\s+|./gsu
/** Words that are compared one by one: more than this product of both sides, and what lies between the same beginning and the same end counts as different. */
const mostCompared = 250_000
const mostRead = 20_000

/**
 * What differs between two texts, word by word: each text in pieces that put together are that text, of which what the other lacks `differs`. A text
 * longer than 20,000 characters is compared up to there; its rest is one piece more.
 */
export function wordPieces(was: string, is: string): { was: Piece[]; is: Piece[] } {
  const [before, after] = [wordsOf(was), wordsOf(is)]
  const first = commonLength(before, after)
  const last = commonLength(before.slice(first).reverse(), after.slice(first).reverse())
  const [left, right] = [before.slice(first, before.length - last), after.slice(first, after.length - last)]
  const common = left.length * right.length > mostCompared ? [] : commonWords(left, right)
  const ends = { first: before.slice(0, first), last: before.slice(before.length - last) }
  return {
    was: piecesOf(left, new Set(common.map(([one]) => one)), ends),
    is: piecesOf(right, new Set(common.map(([, other]) => other)), ends),
  }
}

function wordsOf(text: string): string[] {
  const read = text.slice(0, mostRead).match(words) ?? []
  return text.length > mostRead ? [...read, text.slice(mostRead)] : [...read]
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  let length = 0
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1
  return length
}

/** Places of the longest run of words, gaps allowed, that both have in the same order (longest common subsequence, by a table). */
function commonWords(left: readonly string[], right: readonly string[]): [number, number][] {
  const width = right.length + 1
  const longest = new Uint16Array((left.length + 1) * width)
  const at = (row: number, column: number) => longest[row * width + column] ?? 0
  for (let row = left.length - 1; row >= 0; row -= 1)
    for (let column = right.length - 1; column >= 0; column -= 1)
      longest[row * width + column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
  const common: [number, number][] = []
  let [row, column] = [0, 0]
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      common.push([row, column])
      row += 1
      column += 1
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return common
}

/** Neighbours that are alike become one piece; blanks between two that differ are of what differs. */
function piecesOf(
  middle: readonly string[],
  common: ReadonlySet<number>,
  { first, last }: { first: readonly string[]; last: readonly string[] },
): Piece[] {
  const differs = (place: number) => place >= 0 && place < middle.length && !common.has(place)
  const all = [
    ...first.map((text) => ({ text, differs: false })),
    ...middle.map((text, place) => ({
      text,
      differs: differs(place) || (/^\s+$/.test(text) && differs(place - 1) && differs(place + 1)),
    })),
    ...last.map((text) => ({ text, differs: false })),
  ]
  const pieces: Piece[] = []
  for (const one of all) {
    const before = pieces.at(-1)
    if (before?.differs === one.differs) pieces[pieces.length - 1] = { ...one, text: before.text + one.text }
    else pieces.push(one)
  }
  return pieces
}
