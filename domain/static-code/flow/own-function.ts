import { accessPath } from './access-path.ts'
import type { GivenArgument, Machine } from './machine.ts'
import { show, shownOf } from './scope.ts'
import { type Closure, nothing, type Scope, taintIn, type Value } from './value.ts'

/** A call of a function or class of this file, with what it showed of its parameters. Null for what is not of this file. */
export function ofOwnFunction(
  called: Value,
  args: readonly GivenArgument[],
  scope: Scope,
  machine: Machine,
): Value | null {
  const closure = called.closure ?? called.fields?.get('constructor')?.closure ?? null
  const isClass = called.fields !== null && called.named === null && called.taint === null
  if (closure === null) return isClass ? called : null
  const names = parameterNames(closure, machine)
  const { value, scope: inner } = machine.call(closure, positioned(args, names))
  if (called.closure === null) return called
  if (inner === null) return value
  const pairs = args.flatMap((arg, index) => {
    const name = names[index]
    return name === undefined || name === null ? [] : [{ name, arg, path: accessPath(arg.expression) }]
  })
  for (const { name, path } of pairs) if (path !== null) show(scope, path, shownOf(inner, name))
  const about = pairs
    .filter(({ name }) => value.about.includes(name))
    .flatMap(({ path, arg }) => [...(path === null ? [] : [path]), ...arg.value.about])
  return { ...value, about }
}

/** The names of the parameters that a caller gives; null for patterns. */
function parameterNames({ code, self }: Closure, machine: Machine): (string | null)[] {
  const names = code.parameters.map(({ target }) => (target.to === 'name' ? target.name : null))
  return machine.language.id === 'python' && self !== null ? names.slice(1) : names
}

/** The values by position; named ones where their parameter stands, a spread one everywhere after. */
function positioned(args: readonly GivenArgument[], names: readonly (string | null)[]): Value[] {
  const values: Value[] = []
  for (const arg of args) {
    if (arg.name !== null) {
      const at = names.indexOf(arg.name)
      if (at >= 0) values[at] = arg.value
    } else if (arg.spread) spreadFrom(values, arg.value, names.length)
    else values.push(arg.value)
  }
  return Array.from(values, (value) => value ?? nothing)
}

function spreadFrom(values: Value[], list: Value, count: number): void {
  const start = values.length
  for (let index = start; index < count; index += 1) values[index] = list.fields?.get(String(index - start)) ?? list
}

/** What a test on the result of an unknown function may speak of: the argument that it was made of. */
export function aboutArgument({ value, expression }: GivenArgument): string[] {
  const path = accessPath(expression)
  if (taintIn(value) === null && value.about.length === 0) return []
  return [...(path === null ? [] : [path]), ...value.about].slice(0, 10)
}
