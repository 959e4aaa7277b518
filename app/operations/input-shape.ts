import { z } from 'zod'

/** What a door must know of one field of an input. */
export interface Field {
  key: string
  flag: string
  kind: 'boolean' | 'text' | 'number'
  choices: readonly string[]
  repeatable: boolean
  required: boolean
  describes: string
  /** What stands for its value in a help text. */
  valueName: string
  fallback: string | null
  /** It names something on the machine of whoever types it. */
  local: boolean
}

const known = new WeakMap<z.ZodObject, readonly Field[]>()

/** The fields of an operation's input, read from its schema: there is no second description of them. Of each schema they are read once. */
export function fieldsOf(input: z.ZodObject): readonly Field[] {
  const fields = known.get(input) ?? readFields(input)
  known.set(input, fields)
  return fields
}

function readFields(input: z.ZodObject): readonly Field[] {
  const schema = z.object({ properties: z.record(z.string(), Property), required: z.array(z.string()).default([]) })
  const { properties, required } = schema.parse(z.toJSONSchema(input, { io: 'input' }))
  return Object.entries(properties).map(([key, property]) => fieldOf(key, property, required.includes(key)))
}

const Property = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  items: z.looseObject({ type: z.string().optional(), enum: z.array(z.string()).optional() }).optional(),
  description: z.string().default(''),
  valueName: z.string().optional(),
  local: z.boolean().default(false),
  default: z.unknown().optional(),
})

function fieldOf(key: string, property: z.infer<typeof Property>, required: boolean): Field {
  const repeatable = property.type === 'array'
  const value = repeatable ? (property.items ?? {}) : property
  return {
    key,
    flag: flagOf(key, property.default === true),
    kind: kindOf(value.type),
    choices: value.enum ?? [],
    repeatable,
    required,
    describes: property.description,
    valueName: property.valueName ?? (value.enum ?? [kindOf(value.type)]).join('|'),
    fallback: fallbackOf(property.default),
    local: property.local,
  }
}

/** What is on by itself can only be switched off: `--no-browser`. */
function flagOf(key: string, isOn: boolean): string {
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return isOn ? `no-${words}` : words
}

function kindOf(type: string | undefined): Field['kind'] {
  if (type === 'boolean') return 'boolean'
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

function fallbackOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : null
}
