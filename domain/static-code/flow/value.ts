import type { Code } from '../syntax.ts'

/** What an argument of a tool may reach: a shell or program, an interpreter, a path of the file system, an address. */
export type SinkKind = 'command' | 'code' | 'path' | 'url'

/** `dots` is no sink: the text holds no `..`, which contains it once it is put below a fixed folder. */
export type Safety = SinkKind | 'dots'

export interface Step {
  line: number
  what: string
}

/** That a value came from an argument: which one, on which way, and what it can no longer do harm to. */
export interface Taint {
  source: string
  steps: readonly Step[]
  /** `medium` where the handler is one only by its shape. */
  confidence: 'high' | 'medium'
  safe: ReadonlySet<Safety>
}

/**
 * The names that a place in the source sees. A branch keeps what it assigns to itself until both sides are known; what a test showed holds
 * where it was shown.
 */
export interface Scope {
  kind: 'function' | 'block' | 'branch'
  parent: Scope | null
  names: Map<string, Value>
  /** Branches: names of outer scopes that were given a value here. */
  assigned: Map<string, Value>
  shown: Map<string, readonly Safety[]>
}

/** That a value can no longer do some kinds of harm. */
export interface Shown {
  path: string
  kinds: readonly Safety[]
}

/** What a test says when it holds, and when it does not. */
export interface Shows {
  whenTrue: readonly Shown[]
  whenFalse: readonly Shown[]
}

/** A function of this file, with the names that it sees. */
export interface Closure {
  code: Code
  scope: Scope
  self: Value | null
}

/** What is known of a value. */
export interface Value {
  taint: Taint | null
  /** The full name of a thing from outside this file: `child_process.exec`. */
  named: string | null
  closure: Closure | null
  fields: Map<string, Value> | null
  text: string | null
  /** The values that a test on this one says something of: `url` for `new URL(url).hostname`. */
  about: readonly string[]
  /** What the answer of a test was, kept in a variable, says of other values. */
  shows: Shows | null
  /** A path, an address, a path relative to another, or what an unknown function made of a value. */
  holds: 'path' | 'url' | 'relative' | 'pattern' | 'derived' | null
  /** A path without `.` and `..` in it. */
  isResolved: boolean
  /** Ends with a separator of paths. */
  isFolder: boolean
}

export const nothing: Value = {
  taint: null,
  named: null,
  closure: null,
  fields: null,
  text: null,
  about: [],
  shows: null,
  holds: null,
  isResolved: false,
  isFolder: false,
}

const maxSteps = 12
const maxLooked = 300

/** The taint of a value or of anything inside it, as far as a bounded look goes. Values may hold themselves. */
export function taintIn(value: Value): Taint | null {
  if (value.taint !== null || value.fields === null) return value.taint
  const found: Taint[] = []
  const waiting = [value]
  const seen = new Set<Value>(waiting)
  for (let one = waiting.pop(); one !== undefined && seen.size < maxLooked; one = waiting.pop()) {
    if (one.taint !== null) found.push(one.taint)
    for (const field of one.fields?.values() ?? []) {
      if (seen.has(field) || (field.taint === null && field.fields === null)) continue
      seen.add(field)
      waiting.push(field)
    }
  }
  return mixedTaint(found)
}

/** What several taints come to together: safe only where each is. */
export function mixedTaint(taints: readonly (Taint | null)[]): Taint | null {
  const real = taints.filter((taint) => taint !== null)
  const [first] = real
  if (first === undefined || real.length === 1) return first ?? null
  const safe = new Set([...first.safe].filter((kind) => real.every((taint) => taint.safe.has(kind))))
  const worst = real.find((taint) => taint.safe.size === safe.size) ?? first
  return { ...worst, safe }
}

/** One of several values. */
export function oneOf(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) return nothing
  if (values.length === 1) return first
  const taint = mixedTaint(values.map((value) => taintIn(value)))
  const leading =
    values.find((value) => value.closure !== null || value.named !== null || value.fields !== null) ?? first
  return { ...leading, taint, text: null, about: values.flatMap((value) => value.about).slice(0, 10) }
}

/** Any element of a list or record. */
export function element(value: Value): Value {
  if (value.fields === null || value.taint !== null) return { ...nothing, taint: value.taint, about: value.about }
  return oneOf([...value.fields.values()])
}

/** The value with a taint of its own in place of what it had. */
export function tainted(taint: Taint | null, value: Value = nothing): Value {
  return { ...value, taint }
}

/** One step further on the way of a taint. */
export function stepped(taint: Taint | null, line: number, what: string): Taint | null {
  if (taint === null || taint.steps.length >= maxSteps) return taint
  const last = taint.steps.at(-1)
  if (last?.line === line && last.what === what) return taint
  return { ...taint, steps: [...taint.steps, { line, what }] }
}

/** The value, no longer able to do harm to the kinds given. */
export function madeSafe(value: Value, kinds: readonly Safety[]): Value {
  const taint = taintIn(value)
  if (taint === null || kinds.length === 0) return value
  return { ...value, taint: { ...taint, safe: new Set([...taint.safe, ...kinds]) } }
}

export const everySafety: readonly Safety[] = ['command', 'code', 'path', 'url', 'dots']
