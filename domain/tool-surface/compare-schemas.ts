import { canonicalJson } from '../canonical-json.ts'
import { isRecord } from '../is-record.ts'
import type { PlainSchema } from './plain-schema.ts'
import type { Direction } from './surface-change.ts'

/** One difference between two schemas. `text`: only words for the reader changed. Values are as they stand, not yet fit to be shown. */
export interface SchemaChange {
  path: string
  effect: Direction | 'text'
  was: unknown
  is: unknown
}

const texts = ['title', 'description', '$comment', 'examples']
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains']
const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains']
/** What takes something away by being there. */
const limits = [
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'not',
  'propertyNames',
  'contains',
  'dependentRequired',
]
const schemasByName = ['properties', 'patternProperties', '$defs', 'dependentSchemas']

/** How two schemas in normal form differ, keyword by keyword, each at its path. None exactly when they are the same. */
export function compareSchemas(was: PlainSchema, is: PlainSchema, path: string): SchemaChange[] {
  if (canonicalJson(was) === canonicalJson(is)) return []
  if (was === false || is === false) return [{ path, effect: was === false ? 'widened' : 'narrowed', was, is }]
  const keywords = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
  const changes = keywords.flatMap((keyword) =>
    compareKeyword(keyword, own(was, keyword), own(is, keyword), `${path}.${keyword}`),
  )
  // A keyword that is not of the shape it should have compares as nothing above; it is a difference all the same.
  return changes.length > 0 ? changes : [{ path, effect: 'changed', was, is }]
}

function compareKeyword(keyword: string, was: unknown, is: unknown, path: string): SchemaChange[] {
  if (canonicalJson(was ?? null) === canonicalJson(is ?? null) && (was === undefined) === (is === undefined)) return []
  if (schemasByName.includes(keyword)) return compareNamed(keyword, recordOf(was), recordOf(is), path)
  if (isSchema(was) && isSchema(is) && (keyword === 'items' || keyword === 'additionalProperties'))
    return compareSchemas(was, is, path)
  return [{ path, effect: effectOf(keyword, was, is), was, is }]
}

/** Schemas by name. A property more is something more to send or to get; one less is something less. */
function compareNamed(
  keyword: string,
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
  path: string,
): SchemaChange[] {
  const within = keyword === 'properties' ? path.slice(0, -'.properties'.length) : path
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap((name): SchemaChange[] => {
    const [before, now] = [own(was, name), own(is, name)]
    const at = `${within}.${name}`
    if (isSchema(before) && isSchema(now)) return compareSchemas(before, now, at)
    if (canonicalJson(before ?? null) === canonicalJson(now ?? null)) return []
    return [{ path: at, effect: before === undefined ? 'widened' : 'narrowed', was: before, is: now }]
  })
}

function effectOf(keyword: string, was: unknown, is: unknown): SchemaChange['effect'] {
  if (texts.includes(keyword)) return 'text'
  if (keyword === 'required' || keyword === 'allOf') return opposite(bySets(was ?? [], is ?? []))
  if (was === undefined || is === undefined) {
    if (!restricts(keyword)) return 'changed'
    return was === undefined ? 'narrowed' : 'widened'
  }
  if (['enum', 'anyOf', 'oneOf'].includes(keyword)) return bySets(was, is)
  if (keyword === 'type') return bySets(typesOf(was), typesOf(is))
  if (typeof was === 'number' && typeof is === 'number') return byBound(keyword, was, is)
  return 'changed'
}

function byBound(keyword: string, was: number, is: number): Direction {
  if (upperBounds.includes(keyword)) return is > was ? 'widened' : 'narrowed'
  if (lowerBounds.includes(keyword)) return is < was ? 'widened' : 'narrowed'
  return 'changed'
}

function restricts(keyword: string): boolean {
  const others = ['enum', 'anyOf', 'oneOf', 'type', 'additionalProperties', 'items', '$ref']
  return [...upperBounds, ...lowerBounds, ...limits, ...others].includes(keyword)
}

function typesOf(type: unknown): unknown[] {
  const types = Array.isArray(type) ? type : [type]
  // Whole numbers are numbers.
  return types.includes('number') ? [...types, 'integer'] : types
}

function bySets(was: unknown, is: unknown): Direction {
  if (!Array.isArray(was) || !Array.isArray(is)) return 'changed'
  const [before, now] = [was, is].map((values) => new Set(values.map((value) => canonicalJson(value))))
  const added = [...(now ?? [])].some((text) => before?.has(text) === false)
  const removed = [...(before ?? [])].some((text) => now?.has(text) === false)
  if (added === removed) return 'changed'
  return added ? 'widened' : 'narrowed'
}

function opposite(direction: Direction): Direction {
  if (direction === 'changed') return direction
  return direction === 'widened' ? 'narrowed' : 'widened'
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

function isSchema(value: unknown): value is PlainSchema {
  return value === false || isRecord(value)
}
