/**
 * Source code as the flow of arguments needs it: one small form for JavaScript and Python. What a program computes beyond where a value
 * came from is left out.
 */
export type Expression = { line: number } & (
  | { is: 'name'; name: string }
  | { is: 'member'; of: Expression; key: string | null; by: Expression | null }
  | { is: 'call'; callee: Expression; args: readonly Argument[] }
  | { is: 'literal'; value: string | number | boolean | null }
  | { is: 'pattern'; source: string }
  /** Texts put after one another. `plus` may be a sum, `slash` may join paths. */
  | { is: 'join'; by: 'template' | 'plus' | 'slash'; parts: readonly Expression[] }
  | { is: 'list'; items: readonly Expression[] }
  | { is: 'record'; entries: readonly Entry[] }
  /** One of several values. */
  | { is: 'choice'; parts: readonly Expression[] }
  /** Evaluated for what it does; its value is the last part's, or a plain one. */
  | { is: 'parts'; parts: readonly Expression[]; gives: 'last' | 'plain' }
  | { is: 'test'; test: Test }
  | { is: 'function'; code: Code }
  | { is: 'class'; members: readonly Member[] }
  | { is: 'assign'; to: Target; value: Expression }
  | { is: 'comprehension'; each: readonly { to: Target; of: Expression }[]; gives: Expression }
)

export interface Argument {
  value: Expression
  name: string | null
  spread: boolean
}

/** A key that is not written in the source is null; so is that of `...rest`. */
export interface Entry {
  key: string | null
  value: Expression
}

export type Test =
  | { test: 'not'; of: Expression }
  | { test: 'and' | 'or'; parts: readonly Expression[] }
  | { test: 'equal' | 'unequal' | 'in' | 'not-in' | 'other'; left: Expression; right: Expression }

/** Where a value goes. */
export type Target =
  | { to: 'name'; name: string }
  | { to: 'member'; of: Expression; key: string | null }
  | { to: 'fields'; entries: readonly { key: string | null; target: Target; otherwise: Expression | null }[] }
  | { to: 'items'; items: readonly (Target | null)[] }

export interface Parameter {
  target: Target
  /** Python: the annotation as written. */
  type: string | null
  otherwise: Expression | null
}

/** A function: what it is given, what it does. */
export interface Code {
  name: string | null
  parameters: readonly Parameter[]
  body: readonly Statement[]
  decorators: readonly Expression[]
  line: number
}

/** A method or field of a class. */
export interface Member {
  key: string | null
  value: Expression
}

export type Statement = { line: number } & (
  | { does: 'expression'; value: Expression }
  /** `block`: the name ends with the block it stands in. */
  | { does: 'bind'; to: Target; value: Expression; scope: 'block' | 'function' }
  | { does: 'import'; name: string; from: string }
  | { does: 'function'; name: string; code: Code }
  | { does: 'if'; test: Expression; met: readonly Statement[]; otherwise: readonly Statement[] }
  | { does: 'loop'; each: Target | null; of: Expression | null; body: readonly Statement[] }
  /** Bodies of which each may run or not: the cases of a switch, the parts of a try. */
  | { does: 'ways'; of: Expression | null; bodies: readonly (readonly Statement[])[] }
  | { does: 'block'; body: readonly Statement[] }
  | { does: 'return'; value: Expression | null }
  | { does: 'leave'; value: Expression | null }
)

export type SourceLanguage = 'javascript' | 'python'

/** What a file came to: its statements, or why it has none. */
export type ParsedFile =
  | { state: 'parsed'; body: readonly Statement[]; problems: readonly string[] }
  | { state: 'refused'; reason: string }
