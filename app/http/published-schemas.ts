import { z } from 'zod'
import { publishedOutput } from '../operations/run-operation.ts'
import type { Exposed } from './exposed.ts'

/** Which part of a list is wanted. */
export const PageQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0).describe('Rows to pass over'),
  count: z.coerce.number().int().min(1).max(500).default(50).describe('Rows to hand out at most'),
  search: z.string().min(1).max(200).optional().describe('Only rows that hold this text somewhere'),
  sort: z
    .string()
    .regex(/^-?[A-Za-z][A-Za-z0-9.]{0,99}$/)
    .optional()
    .describe('A property of the rows; with a minus in front, the other way round'),
})

/** What of a JSON Schema is read here. */
export interface Shape {
  properties?: Record<string, unknown>
  required?: string[]
}

/** What is handed in, as a JSON Schema. */
export function inputSchema(input: z.ZodObject): Shape & Record<string, unknown> {
  return bare(z.toJSONSchema(input, { io: 'input' }))
}

/** What is handed out, as a JSON Schema: with the page where a list comes in pages. */
export function outputSchema({
  operation,
  effect,
}: Pick<Exposed, 'operation' | 'effect'>): Shape & Record<string, unknown> {
  const whole = bare(z.toJSONSchema(publishedOutput(operation), { io: 'output', unrepresentable: 'any' }))
  return operation.pages === undefined || effect === 'write' ? whole : withPage(whole)
}

function withPage(schema: Shape & Record<string, unknown>): Shape & Record<string, unknown> {
  const integer = { type: 'integer', minimum: 0 }
  const page = {
    type: 'object',
    properties: { offset: integer, count: integer, total: integer },
    required: ['offset', 'count', 'total'],
    additionalProperties: false,
  }
  return { ...schema, properties: { ...schema.properties, page }, required: [...(schema.required ?? []), 'page'] }
}

const ours = new Set(['valueName', 'local', '$schema', '~standard'])

/** Words of the command line are no words of a schema, nor is zod's name for how a text begins: its pattern says that. */
function bare(schema: unknown): Shape & Record<string, unknown> {
  if (Array.isArray(schema)) return schema.map(bare) as never
  if (!isRecord(schema)) return schema as never
  const entries = Object.entries(schema).filter(
    ([name, value]) => !ours.has(name) && !(name === 'format' && value === 'starts_with'),
  )
  return Object.fromEntries(entries.map(([name, value]) => [name, bare(value)]))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
