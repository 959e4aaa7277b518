import { type Exposed, exposed } from '../http/exposed.ts'
import { inputSchema, isRecord, outputSchema, PageQuery } from '../http/published-schemas.ts'
import type { AnyOperation } from '../operations/operation.ts'

/** A tool of the MCP door: an operation that only reads, under a name that every client takes. */
export interface DoorTool {
  readonly one: Exposed
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: Record<string, unknown> & { type: 'object' }
  readonly outputSchema: Record<string, unknown> & { type: 'object' }
}

/** Of every question: asking again gives the same, nothing is written but that it was asked, and nothing is fetched from elsewhere. */
export const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }

/** The tools, in the order of the operation table. What writes, decides or takes more than looking is none. */
export function doorTools(operations: readonly AnyOperation[]): DoorTool[] {
  return exposed(operations)
    .filter(({ effect, role }) => effect === 'read' && role === 'viewer')
    .map((one) => ({
      one,
      name: one.operation.id.replaceAll('.', '_'),
      title: `upkeep ${one.operation.cli.verb}`,
      description: describe(one),
      inputSchema: { ...askedFor(one), type: 'object' },
      outputSchema: { ...withoutLengths(outputSchema(one)), type: 'object' },
    }))
}

/** Our own words alone: nothing that was read anywhere stands in a description. */
function describe({ operation: { summary, pages } }: Exposed): string {
  const paged = pages === undefined ? '' : ` In pages: "page.total" says how many "${pages}" there are.`
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}. Only reads.${paged}`
}

function askedFor({ input, operation }: Exposed): Record<string, unknown> {
  const own = inputSchema(input)
  if (operation.pages === undefined) return own
  return { ...own, properties: { ...inputSchema(PageQuery).properties, ...own.properties } }
}

/** A hidden character that is shown as a mark takes more room than it had. */
function withoutLengths(schema: unknown): Record<string, unknown> {
  if (Array.isArray(schema)) return schema.map(withoutLengths) as never
  if (!isRecord(schema)) return schema as never
  const isLimit = (name: string, value: unknown) => name === 'maxLength' && typeof value === 'number'
  const entries = Object.entries(schema).filter(([name, value]) => !isLimit(name, value))
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutLengths(value)]))
}
