import type { Expression, Test } from '../syntax.ts'
import { accessPath } from './access-path.ts'
import { showsOfCall } from './call-tests.ts'
import type { Machine } from './machine.ts'
import { openScope, show } from './scope.ts'
import { both, either, nowhere, ofContained, ofEqual } from './shows.ts'
import type { Scope, Shown, Shows } from './value.ts'
import { nothing, oneOf, type Value } from './value.ts'

export interface Tested extends Shows {
  value: Value
}

/** What a test says of values when it holds and when it does not. */
export function evaluateTest(test: Test, scope: Scope, machine: Machine): Tested {
  switch (test.test) {
    case 'not': {
      const of = testOf(test.of, scope, machine)
      return { value: nothing, whenTrue: of.whenFalse, whenFalse: of.whenTrue }
    }
    case 'and':
    case 'or':
      return ofParts(test, scope, machine)
    case 'other':
      machine.evaluate(test.left, scope)
      machine.evaluate(test.right, scope)
      return { value: nothing, ...nowhere }
    default:
      return { value: nothing, ...compared(test, scope, machine) }
  }
}

/** The same for any expression that stands where a test does. */
export function testOf(expression: Expression, scope: Scope, machine: Machine): Tested {
  if (expression.is === 'test') return evaluateTest(expression.test, scope, machine)
  const value = machine.evaluate(expression, scope)
  if (value.shows !== null) return { value, ...value.shows }
  if (expression.is !== 'call') return { value, ...nowhere }
  return { value, ...showsOfCall(expression, scope, machine, (inner, where) => testOf(inner, where, machine)) }
}

function ofParts(test: Extract<Test, { parts: readonly Expression[] }>, scope: Scope, machine: Machine): Tested {
  const values: Value[] = []
  const isAnd = test.test === 'and'
  let shows: Shows | null = null
  const inner = openScope('branch', scope)
  for (const part of test.parts) {
    const tested = testOf(part, inner, machine)
    values.push(tested.value)
    for (const { path, kinds } of isAnd ? tested.whenTrue : tested.whenFalse) show(inner, path, kinds)
    shows =
      shows === null
        ? tested
        : isAnd
          ? { whenTrue: both(shows.whenTrue, tested.whenTrue), whenFalse: either(shows.whenFalse, tested.whenFalse) }
          : { whenTrue: either(shows.whenTrue, tested.whenTrue), whenFalse: both(shows.whenFalse, tested.whenFalse) }
  }
  return { value: oneOf(values), whenTrue: shows?.whenTrue ?? [], whenFalse: shows?.whenFalse ?? [] }
}

function compared(test: Extract<Test, { left: Expression }>, scope: Scope, machine: Machine): Shows {
  const left = { expression: test.left, value: machine.evaluate(test.left, scope), path: accessPath(test.left) }
  const right = { expression: test.right, value: machine.evaluate(test.right, scope), path: accessPath(test.right) }
  if (test.test === 'equal') return { whenTrue: ofEqual(left, right), whenFalse: [] }
  if (test.test === 'unequal') return { whenTrue: [], whenFalse: ofEqual(left, right) }
  const shows = ofContained(left, right)
  const dots: Shown[] = left.value.text === '..' && right.path !== null ? [{ path: right.path, kinds: ['dots'] }] : []
  return test.test === 'in' ? { whenTrue: shows, whenFalse: dots } : { whenTrue: dots, whenFalse: shows }
}
