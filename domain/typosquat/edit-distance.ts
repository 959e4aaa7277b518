/**
 * The fewest single changes (a letter put in, left out, replaced, or two neighbours swapped) that make one text the other; anything above
 * `most` is reported as `most + 1`.
 */
export function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most || one.length > 300 || other.length > 300) return most + 1
  let before: readonly number[] = []
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const now = nextRow({ one, other, row, before, last })
    before = last
    last = now
  }
  return Math.min(last.at(-1) ?? most + 1, most + 1)
}

interface Rows {
  one: string
  other: string
  row: number
  before: readonly number[]
  last: readonly number[]
}

function nextRow({ one, other, row, before, last }: Rows): number[] {
  const at = (list: readonly number[], index: number) => list[index] ?? Number.POSITIVE_INFINITY
  const now = [row]
  for (let column = 1; column <= other.length; column += 1) {
    const same = one[row - 1] === other[column - 1] ? 0 : 1
    const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
    const swapped = row > 1 && column > 1 && isSwapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY
    now.push(Math.min(at(last, column) + 1, at(now, column - 1) + 1, at(last, column - 1) + same, swapped))
  }
  return now
}
