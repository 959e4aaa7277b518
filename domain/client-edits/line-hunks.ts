import type { Splice } from './text-edit.ts'

/** A longer stretch than this many pairs of lines is taken as one change. */
const maxPairs = 1_000_000

/** What differs between two texts, as splices of whole lines of the first. */
export function lineHunks(from: string, to: string): readonly Splice[] {
  const [a, b] = [linesOf(from), linesOf(to)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const start = lengthOf(a, 0, head)
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  if (x.length * y.length > maxPairs) return hunk(start, x, y)
  return hunksOf(x, y, start)
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function lengthOf(lines: readonly string[], from: number, to: number): number {
  let length = 0
  for (let at = from; at < to; at += 1) length += lines[at]?.length ?? 0
  return length
}

function hunk(at: number, removed: readonly string[], inserted: readonly string[]): readonly Splice[] {
  if (removed.length === 0 && inserted.length === 0) return []
  return [{ at, removed: lengthOf(removed, 0, removed.length), inserted: inserted.join('') }]
}

/** Between lines that both have, by the longest common row of them. */
function hunksOf(x: readonly string[], y: readonly string[], start: number): readonly Splice[] {
  const table = commonRows(x, y)
  const width = y.length + 1
  const hunks: Splice[] = []
  let [i, j, atX, atY] = [0, 0, 0, 0]
  let at = start
  const close = () => {
    hunks.push(...hunk(at, x.slice(atX, i), y.slice(atY, j)))
    at += lengthOf(x, atX, i)
  }
  while (i < x.length && j < y.length) {
    if (x[i] === y[j]) {
      close()
      at += x[i]?.length ?? 0
      i += 1
      j += 1
      ;[atX, atY] = [i, j]
    } else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) i += 1
    else j += 1
  }
  ;[i, j] = [x.length, y.length]
  close()
  return hunks
}

/** For each pair of places the length of the longest row of lines that both have from there on. */
function commonRows(x: readonly string[], y: readonly string[]): Int32Array {
  const width = y.length + 1
  const table = new Int32Array((x.length + 1) * width)
  for (let i = x.length - 1; i >= 0; i -= 1) {
    for (let j = y.length - 1; j >= 0; j -= 1) {
      const [below, right] = [table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0]
      table[i * width + j] = x[i] === y[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right)
    }
  }
  return table
}
