import type { SetCalendar } from '@upkeep/contract/changes/set-calendar'
import { Freeze, MaintenanceWindow } from '@upkeep/contract/maintenance-window'
import type { Refusal } from '@upkeep/contract/ports'
import { defineRemediation } from '@upkeep/contract/remediation'
import { utf8Text } from '@upkeep/domain/archives/byte-text'
import { calendarName } from '@upkeep/domain/changes/input-words'
import { editText } from '@upkeep/domain/client-edits/edit-text'
import { isSameTree, treeOf } from '@upkeep/domain/client-edits/edit-tree'
import type { PlainValue, TextEdit } from '@upkeep/domain/client-edits/text-edit'
import { maxBytesOf, parseText } from '@upkeep/domain/client-formats/parse-text'
import { isList, type Tree, at as treeAtKey } from '@upkeep/domain/client-formats/tree'

/** Has `upkeep.yaml` declare a window or a freeze otherwise. Comments, order and everything else in it stay. */
export const setCalendar = defineRemediation({
  makes: 'set-calendar',
  version: 1,
  title: 'Set a window or a freeze',
  reaches: ['files'],
  preview(input, { files }) {
    const { path } = input
    const read = files.read(path, maxBytesOf.yaml)
    if (read.state === 'absent') return refusal('unreachable', `${path} is not there`)
    if (read.state === 'unavailable') return read
    const text = utf8Text(read.bytes)
    // What stands for broken bytes would be written back in their place.
    if (text.includes('\uFFFD')) return refusal('malformed', `${path} is not UTF-8 throughout`)
    const parsed = parseText(text, 'yaml')
    if (parsed.state === 'refused') return refusal('malformed', `${path}: ${parsed.reason}`)
    const edits = editsFor(input, treeAtKey(parsed.tree, input.list))
    if ('state' in edits) return edits
    const edited = editText(text, 'yaml', edits)
    if (edited.state === 'refused') return refusal('not-supported', `${path}: ${edited.reason}`)
    return {
      state: 'possible',
      effects: edits.length === 0 ? [] : [{ kind: 'file', path, to: { text: edited.text }, shown: shownOf(input) }],
      summary: [`${path}: ${summaryOf(input)}`],
      limits: [],
      irreversible: [],
    }
  },
})

function editsFor(input: SetCalendar, found: Tree | undefined): TextEdit[] | Refusal {
  const items = isList(found) ? found : []
  const [was, to] = [plainOf(input.was), plainOf(input.to)]
  // Where it stands already, nothing is left to do.
  if (to !== null && placesOf(items, to).length > 0) return []
  if (was !== null) return editsInPlace(input, items, was, to)
  if (to === null) return []
  const isFirst = items.length === 0
  return [{ kind: 'set', path: isFirst ? [input.list] : [input.list, items.length], value: isFirst ? [to] : to }]
}

function editsInPlace(
  input: SetCalendar,
  items: readonly Tree[],
  was: PlainMap,
  to: PlainMap | null,
): TextEdit[] | Refusal {
  const { list, path } = input
  const [index, another] = placesOf(items, was)
  if (another !== undefined)
    return refusal('not-supported', `${path} says it of "${calendarName(input)}" more than once`)
  if (index === undefined) {
    const isGone = to === null && !items.some((one) => nameOf(one) === calendarName(input))
    if (isGone) return []
    return refusal('changed-while-reading', `what ${path} says of "${calendarName(input)}" is not what it said before`)
  }
  if (to === null) return [{ kind: 'remove', path: items.length === 1 ? [list] : [list, index] }]
  return keyEdits(was, to, [list, index])
}

function placesOf(items: readonly Tree[], entry: PlainMap): number[] {
  return items.flatMap((one, index) => (isSameTree(one, treeOf(entry)) ? [index] : []))
}

function nameOf(entry: Tree): Tree | undefined {
  return treeAtKey(entry, 'name') ?? treeAtKey(entry, 'why')
}

/** Key by key, so that what stays the same stays as it is written. */
function keyEdits(was: PlainMap, to: PlainMap, path: readonly (string | number)[]): TextEdit[] {
  const gone = Object.keys(was).filter((key) => !(key in to))
  const set = Object.entries(to).filter(([key, value]) => !isSameTree(treeOf(was[key] ?? null), treeOf(value)))
  return [
    ...set.map(([key, value]): TextEdit => ({ kind: 'set', path: [...path, key], value })),
    ...gone.map((key): TextEdit => ({ kind: 'remove', path: [...path, key] })),
  ]
}

type PlainMap = Readonly<Record<string, PlainValue>>

/** A stored change has its keys in another order: the same entry is always written alike. */
const keys = [...Object.keys(MaintenanceWindow.shape), ...Object.keys(Freeze.shape)]

/** What it is in a file: a key without a value is not there. */
function plainOf(entry: SetCalendar['was'] | SetCalendar['to']): PlainMap | null {
  if (entry === null) return null
  const given = Object.entries(entry).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.toSorted(([one], [other]) => keys.indexOf(one) - keys.indexOf(other)))
}

function shownOf(input: SetCalendar): string[] {
  const lines = (entry: SetCalendar['was'], sign: string) =>
    Object.entries(plainOf(entry) ?? {}).map(([key, value]) => `${sign}${key}: ${wordsOf(value)}`)
  const [before, after] = [lines(input.was, ' '), lines(input.to, ' ')]
  return [
    ` ${input.list}: "${calendarName(input)}"`,
    ...before.filter((line) => !after.includes(line)).map((line) => `-${line.slice(1)}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+${line.slice(1)}`),
  ]
}

function wordsOf(value: PlainValue): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function summaryOf(input: SetCalendar): string {
  const what = `the ${input.list === 'windows' ? 'window' : 'freeze'} "${calendarName(input)}"`
  if (input.to === null) return `${what} is no longer declared`
  return input.was === null ? `${what} is declared` : `${what} is declared otherwise`
}

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}
