import type { TreePath } from '../client-formats/tree.ts'
import { addMember, insertItem, jsonMember, onlyValue } from './add-json.ts'
import { nested } from './edit-tree.ts'
import { branchAt, type JsonBranch, type JsonMember, skipBlank } from './json-places.ts'
import { removeMember } from './remove-json.ts'
import { type PlainValue, type RefusedEdit, refused, type Splice, type TextEdit } from './text-edit.ts'
import { indentAt } from './text-lines.ts'
import { styleAt, writeJson } from './write-json.ts'

/** How far a path leads: the objects and lists on it, the member that it names, and what of it is missing. */
interface Reached {
  chain: readonly JsonBranch[]
  member: JsonMember | null
  missing: TreePath
}

/** Makes one edit in JSON with or without comments. The text is well formed, and the edit fits what it means. */
export function editJson(text: string, edit: TextEdit): readonly Splice[] | RefusedEdit {
  const reached = reach(text, edit.path)
  if ('state' in reached) return reached
  const { chain, member, missing } = reached
  const branch = chain.at(-1)
  if (edit.kind === 'remove') {
    if (branch === undefined || member === null || missing.length > 0) return []
    return removeMember(text, branch, branch.members.indexOf(member))
  }
  const value = nested(missing, edit.value)
  // An empty value on the path makes room for what is to stand below it.
  if (member !== null && (edit.kind === 'set' || missing.length > 0)) return replace(text, chain, member, value)
  if (branch === undefined) return onlyValue(text, nested(edit.path, edit.value))
  if (member !== null) {
    return insertItem(text, branch, branch.members.indexOf(member), jsonMember(text, chain, null, value))
  }
  const [key] = missing
  const added = nested(missing.slice(1), edit.value)
  return addMember(text, branch, jsonMember(text, chain, typeof key === 'string' ? key : null, added))
}

function reach(text: string, path: TreePath): Reached | RefusedEdit {
  const chain: JsonBranch[] = []
  let start = skipBlank(text, 0)
  let member: JsonMember | null = null
  for (const [depth, step] of path.entries()) {
    const branch = branchAt(text, start)
    if (branch === null) return { chain, member, missing: path.slice(depth) }
    chain.push(branch)
    const found: JsonMember[] =
      typeof step === 'number' ? branch.members.slice(step, step + 1) : branch.members.filter(({ key }) => key === step)
    if (found.length > 1) return refused('ambiguous', 'a key on the path stands twice in one object')
    member = found[0] ?? null
    if (member === null) return { chain, member, missing: path.slice(depth) }
    start = member.start
  }
  return { chain, member, missing: [] }
}

function replace(text: string, chain: readonly JsonBranch[], member: JsonMember, value: PlainValue): readonly Splice[] {
  const inserted = writeJson(value, styleAt(text, chain), indentAt(text, member.keyStart))
  return [{ at: member.start, removed: member.end - member.start, inserted }]
}
