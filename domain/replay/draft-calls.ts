import type { GoldenCall } from '@upkeep/contract/golden-calls'
import type { ListedTool } from '@upkeep/contract/observations/tool-surface'
import { plainArguments } from '../attacks/tools.ts'
import { isRecord } from '../is-record.ts'

const maxCalls = 100

/** One call for each tool, with plain values for what it asks for: where nobody has written down what matters, that it answers as it did. */
export function draftCalls(tools: readonly ListedTool[]): GoldenCall[] {
  return tools.slice(0, maxCalls).map((tool) => ({
    id: tool.name.slice(0, 100) || 'unnamed',
    tool: tool.name.slice(0, 512),
    arguments: plainArguments(argumentsOf(tool)),
    textMayDiffer: false,
  }))
}

function argumentsOf({ name, inputSchema }: ListedTool) {
  const schema = isRecord(inputSchema) ? inputSchema : {}
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.filter((one) => typeof one === 'string') : []
  return { name, properties, required }
}
