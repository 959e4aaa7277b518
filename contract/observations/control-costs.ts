import { z } from 'zod'
import { Instant } from '../time.ts'

/** A quantile in milliseconds with its 95 % interval; a bound is null where there are too few values for it. */
export const CostQuantile = z.strictObject({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type CostQuantile = z.infer<typeof CostQuantile>

/** One way to a server: what its calls took, and what all of its processes used from their start to the last call. */
export const CostOfWay = z.strictObject({
  way: z.string().min(1).max(100),
  /** The controls that stand in it. */
  controls: z.array(z.string().max(100)).max(50),
  n: z.int().nonnegative(),
  /** Calls that came to nothing. They are not among the `n`. */
  failures: z.int().nonnegative(),
  p50: CostQuantile,
  p95: CostQuantile,
  p99: CostQuantile,
  cpuMs: z.number().nullable(),
  memoryBytes: z.number().nullable(),
})
export type CostOfWay = z.infer<typeof CostOfWay>

export const SuiteResult = z.strictObject({
  probe: z.string().max(100),
  outcome: z.enum(['held', 'broken', 'inconclusive', 'not-applicable']),
  detail: z.string().max(2_000),
})
export type SuiteResult = z.infer<typeof SuiteResult>

/** A way of being faster, and what the whole negative suite came to with it and without. */
export const TriedTuning = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().max(300),
  /** Whether it is in place already. */
  inUse: z.boolean(),
  /** Names of the ways it was measured between; null where it was only tried with the suite. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  suiteWithout: z.array(SuiteResult).max(200),
  suiteWith: z.array(SuiteResult).max(200),
})
export type TriedTuning = z.infer<typeof TriedTuning>

/** What the controls in front of one server cost, measured in turns on its real bytes; a file of ours. */
export const ControlCosts = z.strictObject({
  format: z.literal('upkeep-control-costs/1'),
  server: z.string().min(1).max(512),
  measuredAt: Instant,
  machine: z.string().max(300),
  /** The call that was made. */
  call: z.string().max(300),
  /** Of the order in which the ways took turns. */
  seed: z.int(),
  /** How far a second measurement may be off, as a share. */
  tolerance: z.number().positive().max(10),
  ways: z.array(CostOfWay).min(1).max(20),
  /** The same ways measured a second time, in another order. */
  again: z.array(CostOfWay).max(20),
  tunings: z.array(TriedTuning).max(50),
})
export type ControlCosts = z.infer<typeof ControlCosts>
