import { commaAfter, endOfLineOf } from './add-json.ts'
import type { JsonBranch } from './json-places.ts'
import type { Splice } from './text-edit.ts'
import { backOverSpaces, endingAt, ownLineStart, skipSpaces } from './text-lines.ts'

/** Takes a member away with its comma and, where it has lines of its own, with those; comments elsewhere stay. */
export function removeMember(text: string, branch: JsonBranch, index: number): readonly Splice[] {
  const member = branch.members[index]
  if (member === undefined) return []
  const comma = commaAfter(text, member.end)
  const end = comma === null ? member.end : comma + 1
  if (branch.members.length === 1) {
    const around = text.slice(branch.start + 1, member.keyStart) + text.slice(end, branch.end - 1)
    if (around.trim() === '') return [cut(branch.start + 1, branch.end - 1)]
  }
  const start = ownLineStart(text, member.keyStart)
  const close = endOfLineOf(text, end)
  const ending = endingAt(text, close).length
  // A last member without a comma of its own takes the comma before it along.
  const former = branch.members[index - 1]
  const isLast = index === branch.members.length - 1
  const lost = isLast && comma === null && former !== undefined ? commaAfter(text, former.end) : null
  if (start !== null && ending > 0) return [...cutComma(lost), cut(start, close + ending)]
  if (isLast) return removeLast(text, branch, index, { end, lost })
  return [removeInLine(text, member.keyStart, end, branch.members[index + 1]?.keyStart ?? end)]
}

function cut(from: number, to: number): Splice {
  return { at: from, removed: to - from, inserted: '' }
}

function cutComma(comma: number | null): readonly Splice[] {
  return comma === null ? [] : [cut(comma, comma + 1)]
}

function removeLast(
  text: string,
  branch: JsonBranch,
  index: number,
  { end, lost }: { end: number; lost: number | null },
): readonly Splice[] {
  const keyStart = branch.members[index]?.keyStart ?? end
  const former = branch.members[index - 1]
  const before = former === undefined ? null : commaAfter(text, former.end)
  if (before !== null && text.slice(before + 1, keyStart).trim() === '') return [cut(lost ?? before + 1, end)]
  return [...cutComma(lost), cut(backOverSpaces(text, keyStart), end)]
}

/** A member that others follow: up to the next one, where nothing else stands between. */
function removeInLine(text: string, start: number, end: number, next: number): Splice {
  const between = text.slice(end, next)
  if (/^[ \t]*$/.test(between)) return cut(start, next)
  return ownLineStart(text, start) === null ? cut(backOverSpaces(text, start), end) : cut(start, skipSpaces(text, end))
}
