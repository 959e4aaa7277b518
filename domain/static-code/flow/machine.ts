import type { Expression, Statement } from '../syntax.ts'
import type { Language } from './language.ts'
import type { Closure, Scope, SinkKind, Step, Value } from './value.ts'

/** An argument of a tool at a place where it does harm. */
export interface Reached {
  line: number
  kind: SinkKind
  sink: string
  source: string
  tool: string | null
  confidence: 'high' | 'medium'
  steps: readonly Step[]
}

/** What a call was given, evaluated. */
export interface GivenArgument {
  value: Value
  expression: Expression
  name: string | null
  spread: boolean
}

/** What the parts of the evaluation need of each other. */
export interface Machine {
  language: Language
  evaluate(expression: Expression, scope: Scope): Value
  run(statements: readonly Statement[], scope: Scope): Ending
  call(closure: Closure, args: readonly Value[]): Called
  /** Has a function evaluated by itself, once the file is known: handlers with tainted arguments, others with plain ones. */
  later(closure: Closure, args: readonly Value[], tool: string | null): void
  report(reached: Omit<Reached, 'tool'>): void
}

export interface Called {
  value: Value
  /** What the function showed of its parameters, if it came to its end. */
  scope: Scope | null
}

/** How a list of statements ends: `leaves` when nothing after it runs. */
export interface Ending {
  leaves: boolean
  returned: readonly Value[]
}
