import { isMap, isScalar } from 'yaml'
import { addMember, insertItem, type NewMember } from './add-json.ts'
import { nested } from './edit-tree.ts'
import { removeYaml } from './remove-yaml.ts'
import { type PlainValue, type RefusedEdit, refused, type Splice, type TextEdit } from './text-edit.ts'
import { endingBefore, endingNear, lineEnd, lineStart } from './text-lines.ts'
import { styleAt } from './write-json.ts'
import { writeBlock, writeFlow, writeKey, writeMember, writeScalar, type YamlStyle } from './write-yaml.ts'
import { endOf, flowBranch, leadOf, memberRange, reachYaml, startOf, type YamlBranch } from './yaml-places.ts'

/** Makes one edit in YAML. The text is well formed, and the edit fits what it means. */
export function editYaml(text: string, edit: TextEdit): readonly Splice[] | RefusedEdit {
  const reached = reachYaml(text, edit.path)
  if ('state' in reached) return reached
  const { chain, node, index, missing } = reached
  const branch = chain.at(-1)
  if (edit.kind === 'remove') {
    return missing.length > 0 || branch === undefined ? [] : removeYaml(text, branch, index)
  }
  if (branch === undefined) return addAtEnd(text, nested(edit.path, edit.value))
  if (missing.length === 0) {
    return edit.kind === 'insert'
      ? insertYaml(text, branch, index, edit.value)
      : replace(text, branch, index, node, edit.value)
  }
  // An empty value on the path makes room for what is to stand below it.
  if (index >= 0) return replace(text, branch, index, node, nested(missing, edit.value))
  const [key] = missing
  return add(text, branch, typeof key === 'string' ? key : null, nested(missing.slice(1), edit.value))
}

function styleOf(text: string, at: number): YamlStyle {
  return { ending: endingNear(text, at), flowLists: /[:-] \[/.test(text.slice(0, 100_000)) }
}

function addAtEnd(text: string, value: PlainValue): readonly Splice[] {
  const at = text.trimEnd().length
  const style = styleOf(text, at)
  const written = writeBlock(value, '', style)
  return [{ at, removed: 0, inserted: `${at === 0 ? '' : style.ending}${written}${text === '' ? style.ending : ''}` }]
}

function replace(text: string, branch: YamlBranch, index: number, node: unknown, value: PlainValue): readonly Splice[] {
  const isText = isScalar(node)
  const isEmpty = node === null || startOf(node) === endOf(node)
  const start = isEmpty ? emptyPlace(text, branch, index) : startOf(node)
  const end = isEmpty ? start : endOf(node)
  const written =
    value !== null && typeof value === 'object'
      ? writeFlow(value)
      : writeScalar(value, isText ? (node.type ?? null) : null)
  // A block text ends with its last line; an empty value stands right behind its colon.
  const ending = end > start ? endingBefore(text, end) : ''
  const space = /[:-]$/.test(text.slice(0, start).slice(-1)) ? ' ' : ''
  return [{ at: start, removed: end - start, inserted: `${space}${written}${/[\r\n]/.test(ending) ? ending : ''}` }]
}

/** Where a value would stand that is not written: behind the colon, before any comment. */
function emptyPlace(text: string, branch: YamlBranch, index: number): number {
  const { end } = memberRange(branch, index)
  if (!isMap(branch)) return end
  const colon = text.indexOf(':', endOf(branch.items[index]?.key))
  return colon < 0 ? end : colon + 1
}

/** A member behind the last one of a map or list that is not empty, on a line of its own where they are. */
function add(text: string, branch: YamlBranch, key: string | null, value: PlainValue): readonly Splice[] | RefusedEdit {
  const last = branch.items.length - 1
  if (branch.flow || last < 0) {
    const head = key === null ? '' : `${writeKey(key)}: `
    return addMember(text, flowBranch(branch), flowMember(text, branch, head + writeFlow(value)))
  }
  const lead = leadOf(text, branch, isMap(branch) ? 0 : last)
  if (!isLead(branch, lead)) return refused('not-expressible', 'the map or list begins in an unusual way')
  const { end } = memberRange(branch, last)
  const indent = ' '.repeat(lead.length)
  const style = styleOf(text, end)
  const written =
    key === null ? lead + writeBlock(value, indent, style) : indent + writeMember(key, value, indent, style)
  // Behind a block text the line is over already.
  if (lineStart(text, end) === end) return [{ at: end, removed: 0, inserted: written + endingBefore(text, end) }]
  const at = lineEnd(text, end)
  return [{ at, removed: 0, inserted: style.ending + written }]
}

/** Before the first key of a map stand spaces, or the dashes of lists that it is an item of; before an item its own dash. */
export function isLead(branch: YamlBranch, lead: string): boolean {
  return isMap(branch) ? /^ *(?:- +)*$/.test(lead) : /^ *- +$/.test(lead)
}

function flowMember(text: string, branch: YamlBranch, written: string): NewMember {
  const own = flowBranch(branch)
  const style = styleAt(text, [own])
  return {
    style: { ...style, lines: style.lines && own.members.length > 0, gap: style.gap || ' ' },
    write: () => written,
  }
}

function insertYaml(
  text: string,
  branch: YamlBranch,
  index: number,
  value: PlainValue,
): readonly Splice[] | RefusedEdit {
  if (branch.flow) return insertItem(text, flowBranch(branch), index, flowMember(text, branch, writeFlow(value)))
  const lead = leadOf(text, branch, index)
  if (!isLead(branch, lead)) return refused('not-expressible', 'the list begins in an unusual way')
  const at = lineStart(text, memberRange(branch, index).start)
  const style = styleOf(text, at)
  const written = lead + writeBlock(value, ' '.repeat(lead.length), style)
  return [{ at, removed: 0, inserted: `${written}${endingBefore(text, at) || style.ending}` }]
}
