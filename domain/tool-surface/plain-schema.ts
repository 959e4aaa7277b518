import { canonicalJson } from '../canonical-json.ts'
import { isRecord } from '../is-record.ts'

/** A JSON Schema in normal form: two schemas that say the same in another order or dialect have one. */
export type PlainSchema = false | Readonly<Record<string, unknown>>

const maxDepth = 64
const inMaps = ['properties', 'patternProperties', '$defs', 'dependentSchemas']
const alone = [
  ...['additionalProperties', 'items', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
]
const inSets = ['anyOf', 'oneOf', 'allOf']

/**
 * The normal form. Dropped: the name of the dialect, what allows everything, empty lists. Sorted: what has no order. Kept: every text,
 * since a model reads it, and every keyword that is not known here.
 */
export function plainSchema(schema: unknown, depth = 0): PlainSchema {
  if (schema === false) return false
  if (!isRecord(schema)) return {}
  if (depth >= maxDepth) return schema
  const entries = Object.entries(schema).flatMap(([keyword, value]) => {
    const name = keyword === 'definitions' ? '$defs' : keyword
    const plain = plainKeyword(name, value, depth + 1)
    return plain === undefined ? [] : [[name === 'const' ? 'enum' : name, plain] as const]
  })
  return Object.fromEntries(entries)
}

/** Undefined for what says nothing. */
function plainKeyword(keyword: string, value: unknown, depth: number): unknown {
  if (keyword === '$schema') return undefined
  if (keyword === '$ref' && typeof value === 'string') return value.replace(/^#\/definitions\//, '#/$defs/')
  if (keyword === 'const') return [value]
  if (keyword === 'type') return plainType(value)
  if (Array.isArray(value)) return plainList(keyword, value, depth)
  if (inMaps.includes(keyword) && isRecord(value)) return plainMap(value, depth)
  if (!alone.includes(keyword)) return value
  const inner = plainSchema(value, depth)
  return inner !== false && Object.keys(inner).length === 0 && keyword !== 'not' ? undefined : inner
}

function plainList(keyword: string, values: readonly unknown[], depth: number): unknown {
  if (keyword === 'enum' || keyword === 'required') return values.length === 0 ? undefined : sortedSet(values)
  if (inSets.includes(keyword)) return sortedSet(values.map((one) => plainSchema(one, depth)))
  const schemas = keyword === 'prefixItems' || alone.includes(keyword)
  return schemas ? values.map((one) => plainSchema(one, depth)) : values
}

function plainType(type: unknown): unknown {
  if (!Array.isArray(type)) return type
  const types = sortedSet(type)
  return types.length === 1 ? types[0] : types
}

function plainMap(map: Readonly<Record<string, unknown>>, depth: number): unknown {
  const entries = Object.entries(map).map(([key, one]) => [key, plainSchema(one, depth)] as const)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function sortedSet(values: readonly unknown[]): unknown[] {
  const byText = new Map(values.map((value) => [canonicalJson(value), value]))
  return [...byText.keys()].sort().map((text) => byText.get(text))
}
