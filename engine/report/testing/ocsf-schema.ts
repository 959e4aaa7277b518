import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** OCSF's own sources, where the development data has them. */
export const ocsfSources = resolve(import.meta.dirname, '../../../../shared/data/ocsf')

const Attribute = z.looseObject({
  type: z.string().optional(),
  is_array: z.boolean().optional(),
  requirement: z.string().optional(),
  enum: z.record(z.string(), z.unknown()).optional(),
  /** The one value that it can have. */
  only: z.int().optional(),
})
type Attribute = z.infer<typeof Attribute>
const Definition = z.looseObject({
  extends: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).default({}),
  constraints: z.record(z.string(), z.array(z.string())).optional(),
})
const Dictionary = z.looseObject({
  attributes: z.record(z.string(), Attribute),
  types: z.looseObject({ attributes: z.record(z.string(), z.looseObject({ type: z.string().optional() })) }),
})

interface Resolved {
  attributes: Map<string, Attribute>
  constraints: Record<string, string[]>
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(ocsfSources, path), 'utf8'))
}

/** A class or object with everything that it extends; profiles are left out, since no event here names one. */
function resolved(path: string, folderOf: (name: string) => string): Resolved {
  const { extends: parent, attributes, constraints } = Definition.parse(read(path))
  const base = parent === undefined ? { attributes: new Map(), constraints: {} } : resolved(folderOf(parent), folderOf)
  const merged = new Map(base.attributes)
  for (const [name, value] of Object.entries(attributes)) {
    if (name === '$include') continue
    merged.set(name, { ...merged.get(name), ...Attribute.parse(value) })
  }
  return { attributes: merged, constraints: { ...base.constraints, ...constraints } }
}

let known: z.infer<typeof Dictionary> | null = null

function dictionary(): z.infer<typeof Dictionary> {
  known ??= Dictionary.parse(read('dictionary.json'))
  return known
}

function classPath(name: string): string {
  return name === 'base_event' ? 'events/base_event.json' : `events/findings/${name}.json`
}

/** Every way in which an event departs from the class, by where; empty for none. */
export function ocsfProblems(event: unknown, className: string): string[] {
  const resolvedClass = resolved(classPath(className), classPath)
  for (const [name, value] of Object.entries(numbersOf(className, event))) {
    const known = resolvedClass.attributes.get(name)
    resolvedClass.attributes.set(name, { ...known, only: value })
  }
  return check(event, resolvedClass, className)
}

/** The numbers of a class follow from its category's, its own and the activity's. */
function numbersOf(className: string, event: unknown): Record<string, number> {
  const { uid, category } = z
    .object({ uid: z.int(), category: z.string().default('findings') })
    .parse(read(classPath(className)))
  const categories = z
    .object({ attributes: z.record(z.string(), z.object({ uid: z.int() })) })
    .parse(read('categories.json'))
  const categoryUid = categories.attributes[category]?.uid ?? -1
  const classUid = categoryUid * 1_000 + uid
  const activity = z.object({ activity_id: z.int() }).safeParse(event)
  const type = classUid * 100 + (activity.data?.activity_id ?? -1)
  return { category_uid: categoryUid, class_uid: classUid, type_uid: type }
}

function check(value: unknown, { attributes, constraints }: Resolved, at: string): string[] {
  const record = z.record(z.string(), z.unknown()).safeParse(value)
  if (!record.success) return [`${at}: not an object`]
  const keys = Object.keys(record.data)
  const missing = [...attributes].filter(([name, one]) => one.requirement === 'required' && !keys.includes(name))
  return [
    ...missing.map(([name]) => `${at}.${name}: missing`),
    ...brokenConstraints(constraints, keys).map((one) => `${at}: ${one}`),
    ...keys.flatMap((key) => checkAttribute(record.data[key], attributes.get(key), key, `${at}.${key}`)),
  ]
}

function brokenConstraints(constraints: Record<string, string[]>, keys: readonly string[]): string[] {
  return Object.entries(constraints).flatMap(([rule, names]) => {
    const present = names.filter((name) => keys.includes(name)).length
    const holds = rule === 'just_one' ? present === 1 : present >= 1
    return holds ? [] : [`${rule} of ${names.join(', ')}`]
  })
}

function checkAttribute(value: unknown, own: Attribute | undefined, name: string, at: string): string[] {
  if (own === undefined) return [`${at}: no such attribute`]
  const general = dictionary().attributes[name]
  if (general === undefined) return [`${at}: not in the dictionary`]
  const attribute = { ...general, ...own, enum: { ...general.enum, ...own.enum } }
  if (attribute.is_array !== true) return checkValue(value, attribute, at)
  if (!Array.isArray(value)) return [`${at}: not an array`]
  return value.flatMap((one, index) => checkValue(one, attribute, `${at}[${index}]`))
}

function checkValue(value: unknown, attribute: Attribute, at: string): string[] {
  const type = attribute.type ?? ''
  if (!type.endsWith('_t')) {
    const path = objectPath(type)
    return existsSync(join(ocsfSources, path))
      ? check(value, resolved(path, objectPath), at)
      : [`${at}: no object ${type}`]
  }
  const scalar = dictionary().types.attributes[type]?.type ?? type
  const wanted =
    scalar === 'integer_t' || scalar === 'long_t' ? 'integer' : scalar === 'boolean_t' ? 'boolean' : 'string'
  const fits = wanted === 'integer' ? Number.isSafeInteger(value) : typeof value === wanted
  if (!fits) return [`${at}: not ${wanted}`]
  const allowed = attribute.only === undefined ? Object.keys(attribute.enum ?? {}) : [String(attribute.only)]
  return allowed.length > 0 && wanted === 'integer' && !allowed.includes(String(value))
    ? [`${at}: not in its enum`]
    : []
}

function objectPath(name: string): string {
  return `objects/${name}.json`
}
