import { z } from 'zod'

/** A place in a server's own code where an argument of a tool does harm. Names of code only, never what literals hold. */
export const ReachedSink = z.strictObject({
  /** Relative to the package. */
  path: z.string(),
  line: z.int(),
  kind: z.enum(['command', 'code', 'path', 'url']),
  sink: z.string(),
  source: z.string(),
  tool: z.string().nullable(),
  /** `medium` where the function is a handler only by its shape. */
  confidence: z.enum(['high', 'medium']),
  /** The way from the argument, step by step. */
  steps: z.array(z.strictObject({ line: z.int(), what: z.string() })),
})
export type ReachedSink = z.infer<typeof ReachedSink>

/** A text that a server lists itself with, as its source has it. Hostile: shown only escaped. */
export const SourceText = z.strictObject({
  /** Relative to the package. */
  path: z.string(),
  line: z.int(),
  /** Of what it is said: `tool read, description`. */
  where: z.string(),
  /** Null for prompts, resources and instructions. */
  tool: z.string().nullable(),
  text: z.string(),
})
export type SourceText = z.infer<typeof SourceText>

/** The own files of one installed copy, as they were read: nothing in them is run, its dependencies are not among them. */
export const SourceCopy = z.strictObject({
  root: z.string(),
  /** The folder that paths are relative to. */
  folder: z.string().default(''),
  package: z.string(),
  version: z.string().nullable(),
  digest: z.string().nullable(),
  /** Source files that were followed, and the handlers of tools in them. */
  files: z.int().nonnegative(),
  handlers: z.int().nonnegative(),
  sinks: z.array(ReachedSink),
  /** Tokens by their published shapes: where and of which kind. Never values. */
  secrets: z.array(z.strictObject({ path: z.string(), line: z.int(), kind: z.string() })),
  /** What it says of itself to a model, as far as it is written there; `textsUnread` are the places where it is worked out as it runs, or too long. */
  texts: z.array(SourceText).default([]),
  textsUnread: z.array(z.strictObject({ path: z.string(), line: z.int() })).default([]),
  /** What was not looked at, and why; `notLookedMore` counts what the list leaves out. */
  notLooked: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  notLookedMore: z.int().nonnegative(),
})
export type SourceCopy = z.infer<typeof SourceCopy>

/** What reading the own source of a server's installed copies came to. */
export const ServerSource = z.strictObject({ copies: z.array(SourceCopy) })
export type ServerSource = z.infer<typeof ServerSource>
