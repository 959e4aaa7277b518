import type { Expression } from '../syntax.ts'
import { plainFields, registerHandlers } from './handlers.ts'
import type { GivenArgument, Machine } from './machine.ts'
import { memberOf } from './member-value.ts'
import { ofMethodCall } from './method-call.ts'
import { aboutArgument, ofOwnFunction } from './own-function.ts'
import { calleeName, checkReceiver, checkSinks } from './sinks.ts'
import { isStrictPattern } from './strict-pattern.ts'
import { transformed } from './transforms.ts'
import type { Scope } from './value.ts'
import { nothing, type Value } from './value.ts'

type Call = Extract<Expression, { is: 'call' }>

/** What a call comes to; on the way, handlers that it registers and arguments that it lets do harm. */
export function evaluateCall(call: Call, scope: Scope, machine: Machine): Value {
  const { callee } = call
  const receiver = callee.is === 'member' ? machine.evaluate(callee.of, scope) : null
  const called =
    callee.is === 'member' && receiver !== null ? memberOf(receiver, callee) : machine.evaluate(callee, scope)
  const args = call.args.map((arg) => ({
    value: machine.evaluate(arg.value, scope),
    expression: arg.value,
    name: arg.name,
    spread: arg.spread,
  }))
  const key = callee.is === 'member' ? callee.key : null
  const name = calleeName(callee, called.named)
  if (key !== null) registerHandlers(key, args, machine)
  checkSinks(called.named, args, { line: call.line, callee: name, machine })
  if (receiver !== null && key !== null) checkReceiver(receiver, key, { line: call.line, callee: name, machine })
  const own = ofOwnFunction(called, args, scope, machine)
  if (own !== null) return own
  const known = transformed(called.named, args, call.line, { machine, name })
  if (known !== null) return heldToSchema(known, receiver, key)
  if (receiver !== null && key !== null) {
    const method = ofMethodCall({ receiver, key, args, line: call.line, name }, machine)
    if (method !== null) return method
  }
  return ofUnknown(called, args)
}

/** What a schema of this file has parsed: the fields that it holds to numbers and choices are plain. */
function heldToSchema(value: Value, receiver: Value | null, key: string | null): Value {
  if (value.taint === null || !receiver?.fields || key === null || !/^(?:safeP|p)arse(?:Async)?$/.test(key))
    return value
  const parsed = { ...value, fields: plainFields(receiver.fields) }
  return key.startsWith('safe') ? { ...value, fields: new Map([['data', parsed]]) } : parsed
}

/** What is outside this file: named after its call; a function that it is given may be what it gives back. */
function ofUnknown(called: Value, args: readonly GivenArgument[]): Value {
  const { named } = called
  const about = args.length === 1 ? args.flatMap(aboutArgument) : []
  const wrapped = args.find((arg) => arg.value.closure !== null)?.value.closure ?? null
  const base: Value = { ...nothing, closure: wrapped, about, holds: about.length === 0 ? null : 'derived' }
  if (named === null || named.length > 200) return base
  const [first] = args
  // The schema of an object keeps its fields, that of a text whether it is strict.
  const fields = /\.(?:object|strictObject|looseObject)$/.test(named) ? (first?.value.fields ?? null) : null
  const strict = named.endsWith('.regex') && isStrictPattern(first?.value.text ?? '')
  return { ...base, named: `${named}${strict ? '(strict)' : '()'}`, fields }
}
