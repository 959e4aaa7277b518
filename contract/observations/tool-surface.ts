import { z } from 'zod'

/** One tool as the server lists it. Text is the server's: hostile, bounded, shown only escaped. */
export const ListedTool = z.strictObject({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  inputSchema: z.unknown(),
  outputSchema: z.unknown(),
  annotations: z.unknown(),
  /** Whether a call may or must be run as a task; null where it may not, which is also what silence means. */
  taskSupport: z.enum(['optional', 'required']).nullable().default(null),
})
export type ListedTool = z.infer<typeof ListedTool>

export const ListedPrompt = z.strictObject({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  arguments: z.array(z.strictObject({ name: z.string(), description: z.string().nullable(), required: z.boolean() })),
})
export type ListedPrompt = z.infer<typeof ListedPrompt>

/** A resource, or with a template in place of an address a whole family of them. Its content is never read. */
export const ListedResource = z.strictObject({
  uri: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  mimeType: z.string().nullable(),
})
export type ListedResource = z.infer<typeof ListedResource>

/** A protocol era: opened by a handshake (2024-11-05 … 2025-11-25), or without one (from 2026-07-28). */
export const Era = z.enum(['initialize', 'discover'])
export type Era = z.infer<typeof Era>

/** What one server says that it offers, as it was listed in one conversation. It is the server's own word, not what it does. */
export const ToolSurface = z.strictObject({
  transport: z.enum(['stdio', 'streamable-http', 'sse']),
  era: Era,
  protocolVersion: z.string().nullable(),
  /** Never believed: servers state a version that they do not have. */
  serverInfo: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
  instructions: z.string().nullable(),
  capabilities: z.array(z.string()),
  /** A list that could not be had is null; `why` says so. */
  tools: z.array(ListedTool).nullable(),
  prompts: z.array(ListedPrompt).nullable(),
  resources: z.array(ListedResource).nullable(),
  templates: z.array(ListedResource).nullable(),
  /** How often the tools were listed, and the first list that did not mean the same as the first of all. */
  timesListed: z.int().nonnegative(),
  toolsLater: z.array(ListedTool).nullable(),
  why: z.string(),
  /** Something was left out: a page, an item, the end of a text or of a schema. */
  truncated: z.boolean(),
})
export type ToolSurface = z.infer<typeof ToolSurface>
