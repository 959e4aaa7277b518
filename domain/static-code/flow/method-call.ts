import type { GivenArgument, Machine } from './machine.ts'
import { memberOf } from './member-value.ts'
import { isAllButFew } from './strict-pattern.ts'
import { element, everySafety, madeSafe, mixedTaint, nothing, stepped, tainted, taintIn, type Value } from './value.ts'

export interface MethodCall {
  receiver: Value
  key: string
  args: readonly GivenArgument[]
  line: number
  name: string
}

/** Methods that say something of a text without giving any of it. */
const plainMethods = new Set(
  'test includes startsWith endsWith startswith endswith indexOf lastIndexOf find_index findIndex has charCodeAt codePointAt localeCompare isdigit isalpha isalnum isnumeric count index exists is_file is_dir stat some every is_relative_to getTime toFixed'.split(
    ' ',
  ),
)
const perElement = new Set(['map', 'flatMap', 'forEach', 'filter', 'find', 'reduce', 'some', 'every'])
const adds = new Set(['push', 'unshift', 'append', 'extend', 'add'])

/** A method of a value of this file: of an argument, of a literal, of a list. Null for things from outside. */
export function ofMethodCall(call: MethodCall, machine: Machine): Value | null {
  const { receiver, key, args } = call
  if (perElement.has(key)) return overElements(call, machine)
  if (adds.has(key) && receiver.fields !== null) return added(receiver, args)
  if (key === 'bind' && receiver.closure !== null) return receiver
  return receiver.taint !== null ? ofTainted(call) : ofPlain(call)
}

function ofPlain(call: MethodCall): Value | null {
  const { receiver, key, args } = call
  if (key === 'get' && receiver.fields !== null) return element(receiver)
  if (key === 'joinpath' || key === 'with_name') return joinedPath(call)
  if (receiver.holds === 'path' && key === 'resolve') return { ...receiver, isResolved: true }
  if (!gathers.has(key) || (receiver.text === null && receiver.fields === null)) return null
  const taint = mixedTaint([taintIn(receiver), ...args.map((arg) => taintIn(arg.value))])
  return tainted(stepped(taint, call.line, `${call.name}()`))
}

const gathers = new Set(['join', 'format', 'concat', 'then'])

function ofTainted(call: MethodCall): Value {
  const { receiver, key, args, line, name } = call
  if (plainMethods.has(key)) return nothing
  const [first] = args
  if (key === 'get' && first?.value.text)
    return memberOf(receiver, { is: 'member', of: first.expression, key: first.value.text, by: null, line })
  if (key === 'replace' || key === 'replaceAll') {
    const clean = isAllButFew(first?.value.text ?? '') && first?.value.holds === 'pattern'
    return clean ? madeSafe(receiver, everySafety) : { ...receiver, text: null }
  }
  if (key === 'joinpath') return joinedPath(call)
  const isResolved = receiver.isResolved || (receiver.holds === 'path' && (key === 'resolve' || key === 'absolute'))
  const taint = stepped(receiver.taint, line, `${name}()`)
  return { ...nothing, taint, holds: receiver.holds, isResolved, about: keepsText.has(key) ? receiver.about : [] }
}

const keepsText = new Set(['trim', 'toLowerCase', 'toString', 'strip', 'lower', 'resolve', 'absolute', 'expanduser'])

function joinedPath({ receiver, args, line, name }: MethodCall): Value {
  const taint = mixedTaint([taintIn(receiver), ...args.map((arg) => taintIn(arg.value))])
  return { ...nothing, holds: 'path', taint: stepped(taint, line, `${name}()`) }
}

/** A function of this file that is called with each element. */
function overElements({ receiver, key, args, line, name }: MethodCall, machine: Machine): Value | null {
  const closure = args[0]?.value.closure ?? null
  if (closure === null) return receiver.taint === null ? null : tainted(receiver.taint)
  const one = element(receiver)
  const { value } = machine.call(closure, key === 'reduce' ? [args[1]?.value ?? nothing, one] : [one])
  if (key === 'forEach' || key === 'some' || key === 'every') return nothing
  const gives = key === 'filter' || key === 'find' ? one : value
  const taint = stepped(taintIn(gives), line, `${name}()`)
  return key === 'find' || key === 'reduce'
    ? { ...gives, taint }
    : { ...nothing, fields: new Map([['0', { ...gives, taint }]]) }
}

function added(receiver: Value, args: readonly GivenArgument[]): Value {
  for (const arg of args) {
    const values = arg.value.fields !== null && arg.value.taint === null ? [...arg.value.fields.values()] : [arg.value]
    for (const value of values)
      if ((receiver.fields?.size ?? 0) < 1_000) receiver.fields?.set(String(receiver.fields.size), value)
  }
  return nothing
}
