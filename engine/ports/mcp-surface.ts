import type { ListedResource, ListedTool, ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { digestOf } from '@upkeep/domain/canonical-json'
import { isRecord } from '@upkeep/domain/is-record'
import { keptText } from './kept-text.ts'
import type { Traffic } from './mcp-channel.ts'
import type { Conversation } from './mcp-conversation.ts'
import { type Kept, keepPrompt, keepResource, keepTool, textBounds } from './mcp-kept.ts'
import type { McpAnswer } from './mcp-message.ts'
import { noAnswerInTime } from './mcp-wire.ts'

const bounds = { pages: 50, items: 5_000 } as const
const notFound = -32601

interface Listed<Item> {
  items: Item[]
  cut: boolean
}
/** Null where the list could not be had: half a list would read as a whole one. */
type List<Item> = Listed<Item> | null

/**
 * Lists what a server offers, as far as it declares it, and the tools `lists` times. A list that fails is null and `why` names it.
 */
export async function listSurface(conversation: Conversation, lists: number): Promise<ToolSurface> {
  const { capabilities, channel } = conversation
  const toolsDeclared = capabilities.tools !== undefined
  const asks = [
    () => listAll(conversation, toolsDeclared, 'tools/list', 'tools', keepTool),
    () => listAll(conversation, capabilities.prompts !== undefined, 'prompts/list', 'prompts', keepPrompt),
    () =>
      listAll(conversation, capabilities.resources !== undefined, 'resources/list', 'resources', keepResource('uri')),
    () => listTemplates(conversation, capabilities.resources !== undefined),
  ] as const
  const [tools, prompts, resources, templates] = channel.overlaps
    ? await Promise.all([asks[0](), asks[1](), asks[2](), asks[3]()])
    : [await asks[0](), await asks[1](), await asks[2](), await asks[3]()]
  const later = await listAgain(conversation, tools, toolsDeclared ? lists - 1 : 0)
  const all = { tools, prompts, resources, templates }
  return {
    transport: channel.transport,
    era: conversation.era,
    ...aboutServer(conversation),
    tools: tools?.items ?? null,
    prompts: prompts?.items ?? null,
    resources: resources?.items ?? null,
    templates: templates?.items ?? null,
    timesListed: 1 + later.times,
    toolsLater: later.tools,
    why: explained(all, channel.traffic),
    truncated:
      channel.traffic.flooded ||
      Object.values(all).some((list) => list?.cut === true) ||
      (conversation.instructions?.length ?? 0) > textBounds.instructions,
  }
}

type Keep<Item> = (raw: Readonly<Record<string, unknown>>) => Kept<Item> | null

/** All pages of one list, up to a bound. */
async function listAll<Item>(
  conversation: Conversation,
  declared: boolean,
  method: string,
  member: string,
  keep: Keep<Item>,
): Promise<List<Item>> {
  const kept: Kept<Item>[] = []
  let next = declared ? {} : null
  let pages = 0
  for (; next !== null && pages < bounds.pages && kept.length < bounds.items; pages += 1) {
    const answer: McpAnswer = await conversation.ask(method, next)
    const page = pageOf(answer, member, keep)
    if (page === null) return pages === 0 ? noneOf(answer, member) : null
    kept.push(...page.items)
    next = page.next
  }
  const items = kept.slice(0, bounds.items).map(({ item }) => item)
  return { items, cut: next !== null || kept.length > items.length || kept.some(({ cut }) => cut) }
}

/** One page; null when it is not usable as a whole. */
function pageOf<Item>(
  answer: McpAnswer,
  member: string,
  keep: Keep<Item>,
): { items: Kept<Item>[]; next: { cursor: string } | null } | null {
  if (answer.state !== 'result') return null
  const { [member]: raw, nextCursor } = answer.result
  if (!Array.isArray(raw)) return null
  const items = raw.slice(0, bounds.items + 1).map((one) => (isRecord(one) ? keep(one) : null))
  const whole = items.filter((one) => one !== null)
  if (whole.length < items.length) return null
  return { items: whole, next: typeof nextCursor === 'string' ? { cursor: nextCursor } : null }
}

/** Servers that know resources often do not know templates: none is what that means. */
function noneOf(answer: McpAnswer, member: string): List<never> {
  const unknown = answer.state === 'error' && answer.code === notFound && member === 'resourceTemplates'
  return unknown ? { items: [], cut: false } : null
}

function listTemplates(conversation: Conversation, declared: boolean): Promise<List<ListedResource>> {
  return listAll(conversation, declared, 'resources/templates/list', 'resourceTemplates', keepResource('uriTemplate'))
}
/** A server may say something else once it has been looked at. */
async function listAgain(
  conversation: Conversation,
  first: List<ListedTool>,
  times: number,
): Promise<{ times: number; tools: ToolSurface['toolsLater'] }> {
  if (first === null) return { times: 0, tools: null }
  const digest = digestOf(first.items)
  for (let done = 1; done <= times; done += 1) {
    const again = await listAll(conversation, true, 'tools/list', 'tools', keepTool)
    if (again === null) return { times: done - 1, tools: null }
    if (digestOf(again.items) !== digest) return { times: done, tools: again.items }
  }
  return { times: Math.max(0, times), tools: null }
}

function aboutServer(
  conversation: Conversation,
): Pick<ToolSurface, 'protocolVersion' | 'serverInfo' | 'instructions' | 'capabilities'> {
  const { serverInfo: info, instructions, protocolVersion, capabilities } = conversation
  const short = (text: string) => keptText(text, 200).text
  return {
    protocolVersion,
    serverInfo: info === null ? null : { name: short(info.name), version: short(info.version) },
    instructions: instructions === null ? null : keptText(instructions, textBounds.instructions).text,
    capabilities: Object.keys(capabilities).slice(0, 100).map(short).sort(),
  }
}

function explained(lists: Readonly<Record<string, List<unknown>>>, { flooded, expired }: Traffic): string {
  const failed = Object.keys(lists).filter((name) => lists[name] === null)
  if (failed.length === 0) return ''
  const what = `could not list ${failed.join(', ')}`
  if (flooded) return `${what}: the server sent more than the bound allows`
  return `${what}: ${expired ? noAnswerInTime : 'the answer was not usable'}`
}
