import { type JsonBranch, skipComment } from './json-places.ts'
import type { PlainValue, Splice } from './text-edit.ts'
import { endingAt, endingBefore, endingNear, hasLineEnding, indentAt, lineStart, skipSpaces } from './text-lines.ts'
import { isOnLines, type JsonStyle, styleAt, writeJson } from './write-json.ts'

/** Adds a member at the end of the innermost object or list. */
export function addMember(
  text: string,
  chain: readonly JsonBranch[],
  key: string | null,
  value: PlainValue,
): readonly Splice[] {
  const branch = chain.at(-1)
  const last = branch?.members.at(-1)
  if (branch === undefined) return onlyValue(text, value)
  const style = styleAt(text, chain)
  const write = (indent: string) => memberText(key, value, style, indent)
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

function memberText(key: string | null, value: PlainValue, style: JsonStyle, indent: string): string {
  return `${key === null ? '' : `${JSON.stringify(key)}${style.colon}`}${writeJson(value, style, indent)}`
}

/** Where the comma behind a member is; null where there is none. */
export function commaAfter(text: string, end: number): number | null {
  let at = end
  for (;;) {
    at = skipSpaces(text, at)
    if (text.charAt(at) === '/') at = skipComment(text, at)
    else if (endingAt(text, at) !== '') at += endingAt(text, at).length
    else return text.charAt(at) === ',' ? at : null
  }
}

/** The end of the line, where nothing but comments follows on it; otherwise the offset itself. */
export function endOfLineOf(text: string, start: number): number {
  let at = skipSpaces(text, start)
  while (text.charAt(at) === '/') {
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
  chain: readonly JsonBranch[],
  index: number,
  value: PlainValue,
): readonly Splice[] {
  const style = styleAt(text, chain)
  const at = chain.at(-1)?.members[index]?.start ?? 0
  const start = lineStart(text, at)
  const indent = text.slice(start, at)
  if (skipSpaces(text, start) !== at) {
    return [{ at, removed: 0, inserted: `${writeJson(value, style, indentAt(text, at))},${style.gap}` }]
  }
  return [{ at, removed: 0, inserted: `${writeJson(value, style, indent)},${endingBefore(text, start)}${indent}` }]
}

/** The value of a text that holds nothing but comments. */
export function onlyValue(text: string, value: PlainValue): readonly Splice[] {
  const style = styleAt(text, [])
  const before = text === '' || hasLineEnding(text.slice(-1)) ? '' : style.ending
  return [{ at: text.length, removed: 0, inserted: `${before}${writeJson(value, style, '')}${style.ending}` }]
}
