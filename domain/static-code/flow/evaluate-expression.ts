import type { Expression } from '../syntax.ts'
import { accessPath } from './access-path.ts'
import { bindTarget } from './bind-target.ts'
import { evaluateCall } from './evaluate-call.ts'
import { evaluateTest } from './evaluate-test.ts'
import { handlerOfDecorators, handlerOfRecord } from './handlers.ts'
import { join } from './join-texts.ts'
import type { Machine } from './machine.ts'
import { memberOf } from './member-value.ts'
import { lookUp, openScope, shownOf } from './scope.ts'
import type { Scope } from './value.ts'
import { element, madeSafe, nothing, oneOf, taintIn, type Value } from './value.ts'

/** What an expression comes to, as far as arguments of tools are concerned. */
export function evaluateExpression(expression: Expression, scope: Scope, machine: Machine): Value {
  const evaluate = (one: Expression): Value => machine.evaluate(one, scope)
  switch (expression.is) {
    case 'name':
      return shown(nameValue(expression.name, scope), expression, scope)
    case 'member':
      return shown(memberValue(expression, scope, machine), expression, scope)
    case 'literal':
      return literal(expression.value)
    case 'pattern':
      return { ...nothing, text: expression.source, holds: 'pattern' }
    case 'join':
      return join(expression, expression.parts.map(evaluate))
    case 'choice':
      return oneOf(expression.parts.map(evaluate))
    case 'parts': {
      const values = expression.parts.map(evaluate)
      return expression.gives === 'last' ? (values.at(-1) ?? nothing) : nothing
    }
    case 'list':
      return { ...nothing, fields: new Map(expression.items.map((item, index) => [String(index), evaluate(item)])) }
    case 'record':
      return recordValue(expression, scope, machine)
    case 'test': {
      const { value, whenTrue, whenFalse } = evaluateTest(expression.test, scope, machine)
      return whenTrue.length + whenFalse.length === 0 ? value : { ...value, shows: { whenTrue, whenFalse } }
    }
    case 'function':
      return closureValue(expression.code, scope, machine)
    case 'class':
      return classValue(expression, scope, machine)
    case 'assign': {
      const value = evaluate(expression.value)
      bindTarget(expression.to, value, expression.line, { scope, machine, how: 'assign' })
      return value
    }
    case 'comprehension': {
      const inner = openScope('block', scope)
      for (const { to, of } of expression.each)
        bindTarget(to, element(machine.evaluate(of, inner)), expression.line, { scope: inner, machine, how: 'block' })
      const given = machine.evaluate(expression.gives, inner)
      return { ...nothing, fields: new Map([['0', given]]) }
    }
    case 'call':
      return evaluateCall(expression, scope, machine)
  }
}

function literal(value: string | number | boolean | null): Value {
  if (value === null) return nothing
  const text = String(value)
  return { ...nothing, text, isFolder: /[\\/]$/.test(text) }
}

function nameValue(name: string, scope: Scope): Value {
  return lookUp(scope, name) ?? { ...nothing, named: name.length > 100 ? null : name }
}

/** A value with what tests have shown of it. */
function shown(value: Value, expression: Expression, scope: Scope): Value {
  if (value.taint === null) return value
  const path = accessPath(expression)
  return path === null ? value : madeSafe(value, shownOf(scope, path))
}

function memberValue(expression: Extract<Expression, { is: 'member' }>, scope: Scope, machine: Machine): Value {
  const of = machine.evaluate(expression.of, scope)
  if (expression.by !== null) machine.evaluate(expression.by, scope)
  return memberOf(of, expression)
}

function recordValue(expression: Extract<Expression, { is: 'record' }>, scope: Scope, machine: Machine): Value {
  const fields = new Map<string, Value>()
  const loose: Value[] = []
  for (const entry of expression.entries) {
    const value = machine.evaluate(entry.value, scope)
    if (entry.key !== null) fields.set(entry.key, value)
    else if (value.fields !== null && value.taint === null)
      for (const [key, inner] of value.fields) fields.set(key, inner)
    else loose.push(value)
  }
  handlerOfRecord(fields, machine)
  return { ...nothing, fields, taint: loose.length === 0 ? null : taintIn(oneOf(loose)) }
}

function closureValue(code: Extract<Expression, { is: 'function' }>['code'], scope: Scope, machine: Machine): Value {
  const closure = { code, scope, self: null }
  machine.later(closure, [], null)
  return { ...nothing, closure }
}

/** A class stands for its one instance: fields and methods by name. */
function classValue(expression: Extract<Expression, { is: 'class' }>, scope: Scope, machine: Machine): Value {
  const fields = new Map<string, Value>()
  const self: Value = { ...nothing, fields }
  for (const { key, value } of expression.members) {
    if (key === null) continue
    const inner = openScope('block', scope)
    inner.names.set('this', self)
    const known =
      value.is === 'function'
        ? { ...nothing, closure: { code: value.code, scope: inner, self } }
        : machine.evaluate(value, inner)
    fields.set(key, known)
  }
  for (const { closure } of fields.values()) {
    if (closure === null) continue
    handlerOfDecorators(closure, machine)
    machine.later(closure, [], null)
  }
  return self
}
