import type { Client } from '@modelcontextprotocol/client'
import type { Facts } from '@upkeep/contract'
import { keptJson } from './kept-json.ts'
import { keptText } from './kept-text.ts'
import type { Wire } from './mcp-wire.ts'

type Tool = NonNullable<Facts<'endpoint'>['tools']>[number]
export type Surface = Pick<Facts<'endpoint'>, 'tools' | 'prompts' | 'resources' | 'truncated' | 'why'>

export const bounds = { pages: 50, items: 5_000, name: 512, description: 8_000, instructions: 8_000 } as const

interface Page<Item> {
  items: readonly Item[]
  nextCursor: string | undefined
}
interface Listed<Item> {
  items: Item[]
  cut: boolean
}

/** Lists what a server offers: tools, prompts, resources, as far as it declares them. A list that fails is null and `why` names it. */
export async function listSurface(client: Client, wire: Wire): Promise<Surface> {
  const declared = client.getServerCapabilities() ?? {}
  const options = () => ({ timeout: wire.remainingMs, signal: wire.signal })
  // The generic request, not `listTools`: that one compiles schemas of the server and writes to the console.
  const tools = await attempt(declared.tools !== undefined, async (cursor) => {
    const answer = await client.request({ method: 'tools/list', params: { cursor } }, options())
    return { items: answer.tools, nextCursor: answer.nextCursor }
  })
  const prompts = await attempt(declared.prompts !== undefined, async (cursor) => {
    const answer = await client.request({ method: 'prompts/list', params: { cursor } }, options())
    return { items: answer.prompts.map((prompt) => prompt.name), nextCursor: answer.nextCursor }
  })
  const resources = await attempt(declared.resources !== undefined, async (cursor) => {
    const answer = await client.request({ method: 'resources/list', params: { cursor } }, options())
    return { items: answer.resources.map((resource) => resource.uri), nextCursor: answer.nextCursor }
  })
  return keep({ tools, prompts, resources })
}

/** All pages of one list, up to a bound. Null when a page could not be had: half a list would read as a whole one. */
async function attempt<Item>(
  declared: boolean,
  page: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<Listed<Item> | null> {
  const items: Item[] = []
  if (!declared) return { items, cut: false }
  try {
    let cursor: string | undefined
    for (let pages = 0; pages < bounds.pages; pages += 1) {
      const got = await page(cursor)
      items.push(...got.items.slice(0, bounds.items - items.length))
      if (got.nextCursor === undefined) return { items, cut: items.length >= bounds.items }
      if (items.length >= bounds.items) break
      cursor = got.nextCursor
    }
    return { items, cut: true }
  } catch {
    return null
  }
}

interface RawTool {
  name: string
  title?: string | undefined
  description?: string | undefined
  inputSchema?: unknown
  outputSchema?: unknown
  annotations?: unknown
}

function keep(lists: {
  tools: Listed<RawTool> | null
  prompts: Listed<string> | null
  resources: Listed<string> | null
}): Surface {
  const tools = lists.tools?.items.map(keepTool) ?? null
  const prompts = lists.prompts?.items.map((name) => keptText(name, bounds.name)) ?? null
  const resources = lists.resources?.items.map((uri) => keptText(uri, bounds.name)) ?? null
  const failed = Object.entries(lists).filter(([, list]) => list === null)
  const cutLists = Object.values(lists).some((list) => list?.cut === true)
  return {
    tools: tools?.map((tool) => tool.tool) ?? null,
    prompts: prompts?.map((kept) => kept.text) ?? null,
    resources: resources?.map((kept) => kept.text) ?? null,
    truncated: cutLists || [tools, prompts, resources].some((list) => list?.some((kept) => kept.cut) === true),
    why: failed.length === 0 ? '' : `could not list ${failed.map(([name]) => name).join(', ')}`,
  }
}

function keepTool(raw: RawTool): { tool: Tool; cut: boolean } {
  const [name, title] = [keptText(raw.name, bounds.name), keptText(raw.title ?? '', bounds.name)]
  const description = keptText(raw.description ?? '', bounds.description)
  const [input, output, annotations] = [raw.inputSchema, raw.outputSchema, raw.annotations].map(keptJson)
  return {
    tool: {
      name: name.text,
      title: raw.title === undefined ? null : title.text,
      description: raw.description === undefined ? null : description.text,
      inputSchema: input?.value ?? null,
      outputSchema: output?.value ?? null,
      annotations: annotations?.value ?? null,
    },
    cut: [name, title, description, input, output, annotations].some((kept) => kept?.cut === true),
  }
}
