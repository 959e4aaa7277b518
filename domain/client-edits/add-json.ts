import { type JsonBranch, skipComment } from './json-places.ts'
import type { PlainValue, Splice } from './text-edit.ts'
import { endingAt, endingBefore, endingNear, hasLineEnding, indentAt, lineStart, skipSpaces } from './text-lines.ts'
import { isOnLines, type JsonStyle, styleAt, writeJson } from './write-json.ts'

/** How a member is written: in which style, and as what on a line of some indentation. */
export interface NewMember {
  style: JsonStyle
  write(indent: string): string
}

/** A member of JSON, as its neighbours are written. */
export function jsonMember(
  text: string,
  chain: readonly JsonBranch[],
  key: string | null,
  value: PlainValue,
): NewMember {
  const style = styleAt(text, chain)
  const head = key === null ? '' : `${JSON.stringify(key)}${style.colon}`
  return { style, write: (indent) => head + writeJson(value, style, indent) }
}

/** Adds a member at the end of an object or list. */
export function addMember(text: string, branch: JsonBranch, { style, write }: NewMember): readonly Splice[] {
  const last = branch.members.at(-1)
  if (last === undefined) return [addFirst(text, branch, style, write)]
  const comma = commaAfter(text, last.end)
  const separator: Splice[] = comma === null ? [{ at: last.end, removed: 0, inserted: ',' }] : []
  const closing = comma === null ? '' : ','
  const end = comma === null ? last.end : comma + 1
  const indent = indentAt(text, last.keyStart)
  if (!isOnLines(text, branch)) {
    return [...separator, { at: end, removed: 0, inserted: style.gap + write(indent) + closing }]
  }
  const at = endOfLineOf(text, end)
  return [...separator, { at, removed: 0, inserted: endingNear(text, at) + indent + write(indent) + closing }]
}

/** Between members a comment begins so in one of the formats, and in no other way in the others. */
function startsComment(text: string, at: number): boolean {
  return text.charAt(at) === '/' || text.charAt(at) === '#'
}

/** Where the comma behind a member is; null where there is none. */
export function commaAfter(text: string, end: number): number | null {
  let at = end
  for (;;) {
    at = skipSpaces(text, at)
    if (startsComment(text, at)) at = skipComment(text, at)
    else if (endingAt(text, at) !== '') at += endingAt(text, at).length
    else return text.charAt(at) === ',' ? at : null
  }
}

/** The end of the line, where nothing but comments follows on it; otherwise the offset itself. */
export function endOfLineOf(text: string, start: number): number {
  let at = skipSpaces(text, start)
  while (startsComment(text, at)) {
    const end = skipComment(text, at)
    if (hasLineEnding(text.slice(at, end))) return start
    at = skipSpaces(text, end)
  }
  return endingAt(text, at) === '' ? start : at
}

/** The first member of an object or list: on a line of its own where the neighbours are, behind the comments that stand there. */
function addFirst(text: string, branch: JsonBranch, style: JsonStyle, write: (indent: string) => string): Splice {
  const gap = text.slice(branch.start + 1, branch.end - 1)
  const content = gap.trimEnd().length
  const outer = indentAt(text, branch.start)
  const inner = outer + style.unit
  const at = branch.start + 1 + content
  if (hasLineEnding(gap.slice(content))) {
    return { at, removed: 0, inserted: endingNear(text, at) + inner + write(inner) }
  }
  if (content > 0) return { at, removed: 0, inserted: ` ${write(outer)}` }
  if (!style.lines) return { at, removed: gap.length, inserted: `${gap}${write(outer)}${gap}` }
  const inserted = style.ending + inner + write(inner) + style.ending + outer
  return { at, removed: gap.length, inserted }
}

/** Puts an item before the one at an index. */
export function insertItem(
  text: string,
  branch: JsonBranch,
  index: number,
  { style, write }: NewMember,
): readonly Splice[] {
  const at = branch.members[index]?.start ?? 0
  const start = lineStart(text, at)
  const indent = indentAt(text, at)
  if (skipSpaces(text, start) !== at) return [{ at, removed: 0, inserted: `${write(indent)},${style.gap}` }]
  return [{ at, removed: 0, inserted: `${write(indent)},${endingBefore(text, start)}${indent}` }]
}

/** The value of a text that holds nothing but comments. */
export function onlyValue(text: string, value: PlainValue): readonly Splice[] {
  const style = styleAt(text, [])
  const before = text === '' || hasLineEnding(text.slice(-1)) ? '' : style.ending
  return [{ at: text.length, removed: 0, inserted: `${before}${writeJson(value, style, '')}${style.ending}` }]
}
