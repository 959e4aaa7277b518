import type { ListedPrompt, ListedResource, ListedTool, ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { canonicalJson, digestOf } from '../canonical-json.ts'
import { isRecord } from '../is-record.ts'
import { type PlainSchema, plainSchema } from './plain-schema.ts'

/** What of a surface has a meaning. Who the server says it is and in which version it spoke are not part of it. */
export type ListedSurface = Pick<ToolSurface, 'instructions' | 'tools' | 'prompts' | 'resources' | 'templates'>

/** What the hints of a tool come to, with what the specification says of a hint that is not given. */
export interface Hints {
  readOnly: boolean
  destructive: boolean
  idempotent: boolean
  openWorld: boolean
}
export interface ToolMeaning {
  name: string
  title: string | null
  description: string | null
  input: PlainSchema
  /** Null where the tool promises no structure. */
  output: PlainSchema | null
  hints: Hints
  taskSupport: ListedTool['taskSupport']
  /** Annotations that the specification does not know. */
  other: Readonly<Record<string, unknown>>
}
export interface SurfaceMeaning {
  instructions: string | null
  tools: ToolMeaning[] | null
  prompts: ListedPrompt[] | null
  resources: ListedResource[] | null
  templates: ListedResource[] | null
}

/** The normal form of a surface: everything that a model or a client may act on, and nothing else. */
export function meaningOf(surface: ListedSurface): SurfaceMeaning {
  return {
    instructions: surface.instructions,
    tools: sorted(surface.tools?.map(toolMeaning) ?? null, ({ name }) => name),
    prompts: sorted(surface.prompts, ({ name }) => name),
    resources: sorted(surface.resources, ({ uri }) => uri),
    templates: sorted(surface.templates, ({ uri }) => uri),
  }
}

/** The name of a meaning: equal for surfaces that mean the same. SHA-256, lower-case hex. */
export function fingerprintOf(surface: ListedSurface): string {
  return digestOf(meaningOf(surface))
}

const known = ['title', 'readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint', '_meta']

function toolMeaning(tool: ListedTool): ToolMeaning {
  const annotations = isRecord(tool.annotations) ? tool.annotations : {}
  const olderTitle = typeof annotations.title === 'string' ? annotations.title : null
  return {
    name: tool.name,
    title: tool.title ?? olderTitle,
    description: tool.description,
    input: plainSchema(tool.inputSchema),
    output: tool.outputSchema === null || tool.outputSchema === undefined ? null : plainSchema(tool.outputSchema),
    hints: hintsOf(annotations),
    taskSupport: tool.taskSupport,
    other: Object.fromEntries(Object.entries(annotations).filter(([name]) => !known.includes(name))),
  }
}

/** A tool that only reads neither destroys nor minds being called twice, whatever its other hints say. */
function hintsOf(annotations: Readonly<Record<string, unknown>>): Hints {
  const readOnly = annotations.readOnlyHint === true
  return {
    readOnly,
    destructive: !readOnly && annotations.destructiveHint !== false,
    idempotent: readOnly || annotations.idempotentHint === true,
    openWorld: annotations.openWorldHint !== false,
  }
}

/** Servers may list a name twice, and in any order. */
function sorted<Item>(items: readonly Item[] | null, name: (item: Item) => string): Item[] | null {
  if (items === null) return null
  const keyed = items.map((item) => ({ item, key: `${name(item)}\u0000${canonicalJson(item)}` }))
  return keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0)).map(({ item }) => item)
}
