import { isRecord } from '../is-record.ts'
import type { Attacked } from './attacked.ts'

/** A tool as its server lists it. */
export interface ListedTool {
  name: string
  properties: Readonly<Record<string, unknown>>
  required: readonly string[]
}

const maxTools = 200

/** The tools that a server lists; null when it lists none that can be read. */
export async function toolsOf(server: Attacked): Promise<ListedTool[] | null> {
  const reply = await server.rpc('tools/list')
  if (reply.state !== 'result' || !Array.isArray(reply.result.tools)) return null
  return reply.result.tools.slice(0, maxTools).flatMap((one: unknown) => {
    if (!isRecord(one) || typeof one.name !== 'string') return []
    const schema = isRecord(one.inputSchema) ? one.inputSchema : {}
    const properties = isRecord(schema.properties) ? schema.properties : {}
    const required = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : []
    return [{ name: one.name, properties, required }]
  })
}

/** The first tool with an argument of such a name, the words in the order of how well they fit. */
export function findArgument(
  tools: readonly ListedTool[],
  wanted: { tools: readonly string[]; argument: readonly string[] },
): { tool: ListedTool; argument: string } | null {
  const named = wanted.tools.length === 0 ? [''] : wanted.tools
  for (const word of named) {
    for (const tool of tools.filter(({ name }) => name.toLowerCase().includes(word))) {
      const argument = wanted.argument.flatMap((one) =>
        Object.keys(tool.properties).filter((name) => fits(name, one)),
      )[0]
      if (argument !== undefined) return { tool, argument }
      // Some builds list no arguments at all although they take them: a tool whose name says what it does is taken at its word.
      const [usual] = wanted.argument
      const saysNothing = word !== '' && Object.keys(tool.properties).length === 0
      if (saysNothing && usual !== undefined) return { tool, argument: usual }
    }
  }
  return null
}

function fits(name: string, word: string): boolean {
  return (
    name
      .toLowerCase()
      .split(/[^a-z]+/)
      .includes(word) || name.toLowerCase() === word
  )
}

/** Plain values for what a tool asks for besides the argument that matters. */
export function plainArguments(tool: ListedTool): Record<string, unknown> {
  return Object.fromEntries(tool.required.map((name) => [name, plainValue(tool.properties[name])]))
}

function plainValue(schema: unknown): unknown {
  if (!isRecord(schema)) return 'upkeep'
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.type === 'number' || schema.type === 'integer') return 1
  if (schema.type === 'boolean') return false
  if (schema.type === 'array') return []
  return schema.type === 'object' ? {} : 'upkeep'
}
