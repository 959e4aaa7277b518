import { UpkeepFile } from '@upkeep/contract/upkeep-file'
import { isRecord } from '@upkeep/domain/is-record'
import { isMap, isScalar, isSeq, type LineCounter } from 'yaml'
import { z } from 'zod'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Says of one thing that is wrong where it stands and what was expected. The value that stands there is not repeated. */
export function explainIssue(issue: Issue, contents: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path)
    const among =
      known.length === 0 ? '' : `; known ${issue.path.length === 0 ? 'are' : 'there are'}: ${known.join(', ')}`
    return `unknown key ${shownKey(issue.keys[0])}${where(issue.path)}${among}`
  }
  const name = pathText(issue.path)
  if (contents === null || (issue.path.length > 0 && !isThere(contents, issue.path))) return `${name} is missing`
  return `${name}: ${expected(issue)}`
}

function expected(issue: Issue): string {
  if (issue.code === 'invalid_type') return `${typeNames.get(issue.expected) ?? issue.expected} was expected`
  if (issue.code === 'invalid_value') return `${issue.values.map(String).join(', ')} was expected`
  if (issue.code === 'too_big') return `no more than ${issue.maximum} is allowed`
  // What the schema says of a combination is our own words.
  if (issue.code === 'custom') return issue.message
  if (issue.code === 'too_small') return `at least ${issue.minimum} is needed`
  const described = schemaAt(issue.path).description
  return typeof described === 'string' ? `another form was expected (${described})` : 'another form was expected'
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'keys with values'],
  ['record', 'keys with values'],
])

/** The part of the file's JSON Schema at a path. */
function schemaAt(path: Path): Record<string, unknown> {
  let here: unknown = z.toJSONSchema(UpkeepFile, { io: 'input' })
  for (const step of path) {
    const properties = member(here, 'properties')
    here =
      typeof step === 'number'
        ? member(here, 'items')
        : (member(properties, String(step)) ?? member(here, 'additionalProperties'))
  }
  return isRecord(here) ? here : {}
}

function knownKeys(path: Path): string[] {
  const properties = schemaAt(path).properties
  return isRecord(properties) ? Object.keys(properties) : []
}

function member(of: unknown, key: string): unknown {
  return isRecord(of) && Object.hasOwn(of, key) ? of[key] : undefined
}

/** A key as it may be repeated: only where it is plainly a name. A token in the place of a key is not. */
function shownKey(key: string | undefined): string {
  return key !== undefined && /^[A-Za-z][A-Za-z_-]{0,31}$/.test(key) ? `"${key}"` : 'in a form that is not repeated'
}

function where(path: Path): string {
  return path.length === 0 ? '' : ` in ${pathText(path)}`
}

function pathText(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${plainStep(String(step))}`)).join('')
  return text === '' ? 'the file' : text.replace(/^\./, '')
}

function plainStep(step: string): string {
  return /^[A-Za-z][A-Za-z_-]{0,63}$/.test(step) ? step : '…'
}

function isThere(contents: unknown, path: Path): boolean {
  let here = contents
  for (const step of path) {
    const next = stepInto(here, step)
    // Behind an alias nothing can be said from here; the value was there when it was checked.
    if (next === undefined) return !(isMap(here) || isSeq(here))
    here = next.value
  }
  return true
}

/** The line on which the value at a path stands; of what is missing, the line of what should hold it. */
export function lineOf(contents: unknown, lines: LineCounter, path: Path): number {
  let here = contents
  let line = lineAt(contents, lines) ?? 1
  for (const step of path) {
    const next = stepInto(here, step)
    if (next === undefined) return line
    here = next.value
    line = lineAt(next.key, lines) ?? lineAt(next.value, lines) ?? line
  }
  return line
}

/** The line on which a key stands, below a path. */
export function keyLine(contents: unknown, lines: LineCounter, path: Path, key: string): number {
  return lineOf(contents, lines, [...path, key])
}

function stepInto(node: unknown, step: PropertyKey): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const value: unknown = node.items[Number(step)]
    return value === undefined ? undefined : { key: undefined, value }
  }
  if (!isMap(node)) return undefined
  // Of a key that stands twice the last one counts.
  return node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step))
}

function lineAt(node: unknown, lines: LineCounter): number | undefined {
  const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) && typeof range[0] === 'number' ? lines.linePos(range[0]).line : undefined
}
