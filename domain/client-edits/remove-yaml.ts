import { isMap } from 'yaml'
import { removeMember } from './remove-json.ts'
import { type RefusedEdit, refused, type Splice } from './text-edit.ts'
import { endingAt, endingBefore, lineEnd, lineStart } from './text-lines.ts'
import { endOf, flowBranch, leadOf, memberRange, startOf, type YamlBranch } from './yaml-places.ts'

/** Takes a member of a map or list away, with its lines where it has its own. */
export function removeYaml(text: string, branch: YamlBranch, index: number): readonly Splice[] | RefusedEdit {
  if (branch.flow) return removeMember(text, flowBranch(branch), index)
  if (branch.items.length === 1) return [emptied(text, branch)]
  const { start, end } = memberRange(branch, index)
  const lead = leadOf(text, branch, index)
  const isOwnLine = isMap(branch) ? /^ *$/.test(lead) : /^ *- +$/.test(lead)
  if (isOwnLine) return [cutLines(text, start, end)]
  const next = index + 1 < branch.items.length ? memberRange(branch, index + 1).start : null
  const isBare = next !== null && text.slice(Math.min(lineEnd(text, end), next), next).trim() === ''
  // Behind a dash the next key moves up: only where nothing else stands between.
  if (!isMap(branch) || !/^ *(?:- +)+$/.test(lead) || next === null || !isBare) {
    return refused('not-expressible', 'the member shares its line with others')
  }
  return [{ at: start, removed: next - start, inserted: '' }]
}

function cutLines(text: string, start: number, end: number): Splice {
  const from = lineStart(text, start)
  const isOver = lineStart(text, end) === end
  const last = isOver ? end : lineEnd(text, end)
  const to = isOver ? end : last + endingAt(text, last).length
  const isEnded = to > last || isOver
  const at = isEnded ? from : from - endingBefore(text, from).length
  return { at, removed: to - at, inserted: '' }
}

/** The last member gone, an empty map or list is left, behind the key where nothing stands between. */
function emptied(text: string, branch: YamlBranch): Splice {
  const start = startOf(branch)
  const end = endOf(branch)
  const empty = isMap(branch) ? '{}' : '[]'
  const ending = lineStart(text, end) === end ? endingBefore(text, end) : ''
  const before = text.slice(0, start).trimEnd().length
  const isBehindKey = text.charAt(before - 1) === ':'
  const at = isBehindKey ? before : start
  return { at, removed: end - at, inserted: `${isBehindKey ? ' ' : ''}${empty}${ending}` }
}
