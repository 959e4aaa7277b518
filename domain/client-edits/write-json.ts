import { isPlainList } from './edit-tree.ts'
import type { JsonBranch } from './json-places.ts'
import type { PlainValue } from './text-edit.ts'
import { endingNear, hasLineEnding, indentAt } from './text-lines.ts'

/** How the neighbours of a new value are written. */
export interface JsonStyle {
  /** Members on lines of their own, or all on one line. */
  lines: boolean
  /** Items of lists likewise. */
  listLines: boolean
  unit: string
  ending: string
  colon: string
  /** What stands behind a comma on one line. */
  gap: string
}

/** The style of a place, from the objects and lists that lead to it, the innermost last. */
export function styleAt(text: string, chain: readonly JsonBranch[]): JsonStyle {
  const known = chain.filter(({ members }) => members.length > 0)
  const nearest = known.at(-1)
  const onLines = known.findLast((branch) => isOnLines(text, branch))
  const sampled = (pattern: RegExp) => firstMatch(text, known.toReversed(), pattern)
  const colon = sampled(/"[ \t]{0,3}(:[ \t]{0,3})(?=["{[\w-])/) ?? ': '
  return {
    lines: nearest === undefined || isOnLines(text, nearest),
    listLines: (sampled(/\[[ \t]{0,20}([\r\n]?)[\s]{0,200}[^\]\s]/) ?? '') !== '',
    unit: onLines === undefined ? '  ' : unitOf(text, onLines),
    ending: endingNear(text, nearest?.members.at(-1)?.end ?? chain.at(-1)?.start ?? 0),
    colon,
    gap: sampled(/[\]"\w}],( {0,3})["{[\w-]/) ?? (colon === ':' ? '' : ' '),
  }
}

/** What the first group of a pattern matches in the nearest of these that has it: in their beginnings, which is as far as a style is looked for. */
function firstMatch(text: string, branches: readonly JsonBranch[], pattern: RegExp): string | undefined {
  for (const { start, end } of branches) {
    const found = pattern.exec(text.slice(start, Math.min(end, start + 10_000)))?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether the last member of a branch stands on a line that begins behind the bracket or the member before. */
export function isOnLines(text: string, { start, members }: JsonBranch): boolean {
  const last = members.at(-1)
  return last !== undefined && hasLineEnding(text.slice(members.at(-2)?.end ?? start, last.keyStart))
}

function unitOf(text: string, { start, members }: JsonBranch): string {
  const outer = indentAt(text, start)
  const inner = indentAt(text, members.at(-1)?.keyStart ?? start)
  return inner.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : '  '
}

/** A value as text, `indent` being that of the line on which it begins. */
export function writeJson(value: PlainValue, style: JsonStyle, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isPlainList(value)) {
    const items = value.map((each) => [each, ''] as const)
    return writeAll(items, ['[', ']'], style.lines && style.listLines, style, indent)
  }
  const members = Object.entries(value).map(([key, each]) => [each, `${JSON.stringify(key)}${style.colon}`] as const)
  return writeAll(members, ['{', '}'], style.lines, style, indent)
}

function writeAll(
  all: readonly (readonly [PlainValue, string])[],
  [open, close]: readonly [string, string],
  onLines: boolean,
  style: JsonStyle,
  indent: string,
): string {
  if (all.length === 0) return `${open}${close}`
  const inner = onLines ? indent + style.unit : indent
  const texts = all.map(([value, before]) => before + writeJson(value, style, inner))
  if (!onLines) return `${open}${texts.join(`,${style.gap}`)}${close}`
  const line = style.ending + inner
  return `${open}${line}${texts.join(`,${line}`)}${style.ending}${indent}${close}`
}
