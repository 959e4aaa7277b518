import type { ListedPrompt, ListedResource, ListedTool } from '@upkeep/contract/observations/tool-surface'
import { isRecord } from '@upkeep/domain/is-record'
import { keptJson } from './kept-json.ts'
import { type KeptText, keptText } from './kept-text.ts'

export const textBounds = { name: 512, uri: 2_000, description: 8_000, instructions: 8_000, arguments: 100 } as const

/** A listed thing as it may be stored. `cut` says that something of it was left out. */
export interface Kept<Item> {
  item: Item
  cut: boolean
}
type Raw = Readonly<Record<string, unknown>>

/** A tool within bounds; null when it has no name. */
export function keepTool(raw: Raw): Kept<ListedTool> | null {
  if (typeof raw.name !== 'string') return null
  const texts = keepTexts(raw)
  const [input, output, annotations] = [
    keptJson(raw.inputSchema),
    keptJson(raw.outputSchema),
    keptJson(raw.annotations),
  ]
  const task = isRecord(raw.execution) ? raw.execution.taskSupport : null
  return {
    item: {
      ...texts.item,
      inputSchema: input.value,
      outputSchema: output.value,
      annotations: annotations.value,
      taskSupport: task === 'optional' || task === 'required' ? task : null,
    },
    cut: texts.cut || input.cut || output.cut || annotations.cut,
  }
}

/** A prompt within bounds; null when it has no name. */
export function keepPrompt(raw: Raw): Kept<ListedPrompt> | null {
  if (typeof raw.name !== 'string') return null
  const texts = keepTexts(raw)
  const given = Array.isArray(raw.arguments) ? raw.arguments.filter(isRecord) : []
  const args = given.slice(0, textBounds.arguments).map((one) => {
    const name = keptText(typeof one.name === 'string' ? one.name : '', textBounds.name)
    const description = optional(one.description, textBounds.description)
    const item = { name: name.text, description: description?.text ?? null, required: one.required === true }
    return { item, cut: name.cut || description?.cut === true }
  })
  return {
    item: { ...texts.item, arguments: args.map(({ item }) => item) },
    cut: texts.cut || given.length > args.length || args.some(({ cut }) => cut),
  }
}

/** A resource or a template within bounds, by the member that holds its address; null when it has none. */
export function keepResource(member: 'uri' | 'uriTemplate'): (raw: Raw) => Kept<ListedResource> | null {
  return (raw) => {
    const address = optional(raw[member], textBounds.uri)
    if (address === null) return null
    const texts = keepTexts(raw)
    const mimeType = optional(raw.mimeType, textBounds.name)
    return {
      item: { uri: address.text, ...texts.item, mimeType: mimeType?.text ?? null },
      cut: texts.cut || address.cut || mimeType?.cut === true,
    }
  }
}

function keepTexts(raw: Raw): Kept<{ name: string; title: string | null; description: string | null }> {
  const name = keptText(typeof raw.name === 'string' ? raw.name : '', textBounds.name)
  const title = optional(raw.title, textBounds.name)
  const description = optional(raw.description, textBounds.description)
  return {
    item: { name: name.text, title: title?.text ?? null, description: description?.text ?? null },
    cut: name.cut || title?.cut === true || description?.cut === true,
  }
}

function optional(text: unknown, max: number): KeptText | null {
  return typeof text === 'string' ? keptText(text, max) : null
}
