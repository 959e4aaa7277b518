import type { TreePath } from '../client-formats/tree.ts'
import type { Splice } from './text-edit.ts'
import { endingAt, endingBefore, lineEnd, lineStart } from './text-lines.ts'
import { startsWith, type TomlPlaces } from './toml-places.ts'

/** Takes everything away that makes a table: its headers with what stands below them, those of its tables, and dotted keys elsewhere. */
export function removeTables(text: string, places: TomlPlaces, path: TreePath): readonly Splice[] {
  const tables = places.tables.filter(({ resolvedKey }) => startsWith(resolvedKey, path))
  const pairs = places.pairs.filter(
    (pair) => startsWith(pair.path, path) && !startsWith(pair.table?.resolvedKey ?? [], path),
  )
  const content = text.trimEnd().length
  const cuts = [
    ...tables.map(({ range: [from, to] }) => tableCut(text, from, to)),
    ...pairs.map(({ node }) => pairCut(text, node.range[0], node.range[1])),
  ]
  return joined(cuts.toSorted((a, b) => a.from - b.from)).map((cut) => {
    const { from, to } = settled(text, content, cut)
    return { at: from, removed: to - from, inserted: '' }
  })
}

/** Lines that go; `blank` is the end of the empty lines behind them. */
interface Cut {
  from: number
  to: number
  blank: number
}

function tableCut(text: string, start: number, end: number): Cut {
  const last = lineEnd(text, end)
  const to = last + endingAt(text, last).length
  const empty = /(?:[ \t]*(?:\r\n|\n))*/y
  empty.lastIndex = to
  return { from: lineStart(text, start), to, blank: to + (empty.exec(text)?.[0].length ?? 0) }
}

function pairCut(text: string, start: number, end: number): Cut {
  const from = lineStart(text, start)
  const last = lineEnd(text, end)
  const ending = endingAt(text, last).length
  const to = last + ending
  return { from: ending === 0 ? from - endingBefore(text, from).length : from, to, blank: to }
}

/** Cuts that touch are one. */
function joined(cuts: readonly Cut[]): readonly Cut[] {
  const all: Cut[] = []
  for (const cut of cuts) {
    const last = all.at(-1)
    if (last !== undefined && cut.from <= last.blank) all[all.length - 1] = { ...cut, from: last.from }
    else all.push(cut)
  }
  return all
}

/** Empty lines go along where they would stand beside others, or at the end of the text, which is at `content`. */
function settled(text: string, content: number, { from, to, blank }: Cut): Pick<Cut, 'from' | 'to'> {
  if (blank === to && to < content) return { from, to }
  const kept = backOverBlank(text, from)
  if (blank < content) {
    const isBare = kept === 0 || text.slice(kept, from).split('\n').length > 2
    return { from, to: isBare ? blank : to }
  }
  const isEnded = endingBefore(text, to) !== ''
  return { from: kept === 0 ? 0 : kept + (isEnded ? endingAt(text, kept).length : 0), to }
}

/** The offset behind the last sign before this one that is no white space. */
function backOverBlank(text: string, from: number): number {
  let at = from
  while (at > 0 && /\s/.test(text.charAt(at - 1))) at -= 1
  return at
}
