import { z } from 'zod'
import { ListedTool } from './observations/tool-surface.ts'

/** What came of one call, as far as it is compared. Texts are bounded, with what changes from run to run taken out of them. */
export const CallOutcome = z.strictObject({
  /** `tool-error`: a result that says of itself that it is an error. `protocol-error`: no result. `no-answer`: nothing in time. */
  kind: z.enum(['result', 'tool-error', 'protocol-error', 'no-answer']),
  /** JSON-RPC error code, where there is one. */
  code: z.int().nullable(),
  /** The types of the content blocks, in order, and the shape of the structured content: keys and types without values. */
  structure: z.string().max(4_000),
  text: z.string().max(8_000),
})
export type CallOutcome = z.infer<typeof CallOutcome>

/** One call that has to go on working. */
export const GoldenCall = z.strictObject({
  id: z.string().min(1).max(100),
  tool: z.string().min(1).max(512),
  /** Without secrets: a call that needs one is written with a stand-in. */
  arguments: z.record(z.string(), z.unknown()).default({}),
  /** What it came to when it was recorded; left out when it was written by hand: then old and new bytes are compared. */
  expect: CallOutcome.optional(),
  /** Whether the text of the answer may differ: the time, a random number. Its kind and structure still count. */
  textMayDiffer: z.boolean().default(false),
})
export type GoldenCall = z.infer<typeof GoldenCall>

/** The golden calls of one server: a file of ours, recorded, redacted, or written by hand. */
export const GoldenCalls = z.strictObject({
  format: z.literal('upkeep-golden-calls/1'),
  server: z.string().min(1).max(512),
  calls: z.array(GoldenCall).min(1).max(500),
  /** The tools that are called, as they were listed when the calls were recorded: of one that is gone, they tell the likely new name. */
  tools: z.array(ListedTool).max(500).optional(),
})
export type GoldenCalls = z.infer<typeof GoldenCalls>

/** What came of a call each time that it was made, in one run of one program. */
export const ReplayedCall = z.strictObject({ id: z.string(), tool: z.string(), outcomes: z.array(CallOutcome).min(1) })
export type ReplayedCall = z.infer<typeof ReplayedCall>
