import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Exposed, exposed } from '../app/http/exposed.ts'
import { ownRoutes } from '../app/http/own-routes.ts'
import { publishedOutput } from '../app/operations/run-operation.ts'
import { operations } from '../app/operations/table.ts'
import { root } from './units.ts'

/** Draws what the console knows the API by: what each operation takes and gives, which role it takes, and nothing else of the product. */
const named = new Map<string, string>()
const table = exposed(operations)
const parts = [entries('Reads', 'read'), entries('Writes', 'write')]
const door = ownRoutes.flatMap(({ id, answers }) =>
  answers instanceof z.ZodObject
    ? [`  ${JSON.stringify(id)}: ${typeOf(z.toJSONSchema(answers, { io: 'output' }))}`]
    : [],
)
parts.push(`export interface Door {\n${door.join('\n')}\n}\n`)
const shared = [...named].map(([text, name]) => `export type ${name} = ${text}\n`)
const head = '// Drawn from the operation table by tools/console-client.ts: not to be edited.\n'
const files = {
  'console/generated/api.d.ts': [head, ...parts, ...shared].join('\n'),
  'console/generated/roles.ts': [head, roles()].join('\n'),
}
for (const [name, text] of Object.entries(files)) {
  const path = join(root, name)
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === text
  if (process.argv.includes('--check') && !isCurrent) {
    process.stderr.write(`${name} is not what the operations say: run npm run generate\n`)
    process.exitCode = 1
  } else if (!isCurrent) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** Which role each takes that not everybody has who may look. What may be done by a delegated right is for no one role. */
function roles(): string {
  const lines = (effect: Exposed['effect']) =>
    table
      .filter((one) => one.effect === effect && one.role !== 'viewer' && one.operation.byDelegate === undefined)
      .map(({ path, role }) => `    ${JSON.stringify(path)}: ${JSON.stringify(role)},`)
      .join('\n')
  return `export const roles = {\n  read: {\n${lines('read')}\n  },\n  write: {\n${lines('write')}\n  },\n} as const\n`
}

function entries(name: string, effect: Exposed['effect']): string {
  const lines = table
    .filter((one) => one.effect === effect)
    .map(({ operation, input, path }) => {
      const given = typeOf(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }))
      const back = typeOf(z.toJSONSchema(publishedOutput(operation), { io: 'output', unrepresentable: 'any' }))
      const pages = effect === 'read' && operation.pages !== undefined ? JSON.stringify(operation.pages) : 'null'
      return `  ${JSON.stringify(path)}: { input: ${given}; output: ${back}; pages: ${pages} }`
    })
  return `export interface ${name} {\n${lines.join('\n')}\n}\n`
}

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  prefixItems?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
}

function typeOf(schema: unknown): string {
  const text = plainTypeOf(Object(schema))
  if (text.length < 300) return text
  const known = named.get(text) ?? `Shape${named.size + 1}`
  named.set(text, known)
  return known
}

function plainTypeOf(schema: Schema): string {
  const { type, anyOf, oneOf, allOf } = schema
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const either = anyOf ?? oneOf
  if (either !== undefined) return union(either.map(typeOf))
  if (allOf !== undefined) return allOf.map(typeOf).join(' & ')
  if (Array.isArray(type)) return union(type.map((one) => typeOf({ ...schema, type: one })))
  if (type === 'array') return `(${schema.items === undefined ? 'unknown' : typeOf(schema.items)})[]`
  if (type === 'object') return objectOf(schema)
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'string' || type === 'boolean' || type === 'null') return type
  return 'unknown'
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ')
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, one]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(one)}`,
  )
  if (fields.length === 0 && additionalProperties === false) return 'Record<string, never>'
  if (fields.length > 0) return `{ ${fields.join('; ')} }`
  return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`
}
