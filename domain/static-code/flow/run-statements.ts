import type { Expression, Statement } from '../syntax.ts'
import { accessPath } from './access-path.ts'
import { bindTarget } from './bind-target.ts'
import { testOf } from './evaluate-test.ts'
import { handlerOfDecorators } from './handlers.ts'
import type { Ending, Machine } from './machine.ts'
import { declare, joinBranches, openScope, show } from './scope.ts'
import type { Scope, Shown } from './value.ts'
import { element, everySafety, nothing, type Value } from './value.ts'

/** Runs statements in their order, until one leaves. Functions are known from the start. */
export function runStatements(statements: readonly Statement[], scope: Scope, machine: Machine): Ending {
  const returned: Value[] = []
  for (const statement of statements) if (statement.does === 'function') declareFunction(statement, scope, machine)
  for (const statement of statements) {
    const ending = runStatement(statement, scope, machine)
    returned.push(...ending.returned)
    if (ending.leaves) return { leaves: true, returned }
  }
  return { leaves: false, returned }
}

const goesOn: Ending = { leaves: false, returned: [] }

function runStatement(statement: Statement, scope: Scope, machine: Machine): Ending {
  switch (statement.does) {
    case 'expression':
      machine.evaluate(statement.value, scope)
      trustValidator(statement.value, scope, machine)
      return goesOn
    case 'bind': {
      const value = boundValue(statement.value, scope, machine)
      bindTarget(statement.to, value, statement.line, { scope, machine, how: statement.scope })
      return goesOn
    }
    case 'import':
      declare(
        scope,
        statement.name,
        { ...nothing, named: statement.from, isFolder: /^(?:path|os)\.sep$/.test(statement.from) },
        'block',
      )
      return goesOn
    case 'function':
      return goesOn
    case 'block':
      return runStatements(statement.body, openScope('block', scope), machine)
    case 'return':
      return { leaves: true, returned: statement.value === null ? [] : [machine.evaluate(statement.value, scope)] }
    case 'leave':
      if (statement.value !== null) machine.evaluate(statement.value, scope)
      return { leaves: true, returned: [] }
    case 'if':
      return runBranches(statement, scope, machine)
    default:
      return runWays(statement, scope, machine)
  }
}

const asksByName =
  /^(?:is|has|can|in)[A-Z_]|allow|valid|safe|within|start|include|contain|^test$|^some$|match|relative_to/i

/** The answer of a test keeps what it says of other values, so that a variable can be asked later. */
function boundValue(expression: Expression, scope: Scope, machine: Machine): Value {
  if (expression.is !== 'call') return machine.evaluate(expression, scope)
  const { callee } = expression
  const name = callee.is === 'member' ? callee.key : callee.is === 'name' ? callee.name : null
  if (name === null || !asksByName.test(name)) return machine.evaluate(expression, scope)
  const { value, whenTrue, whenFalse } = testOf(expression, scope, machine)
  return whenTrue.length + whenFalse.length === 0 ? value : { ...value, shows: { whenTrue, whenFalse } }
}

function declareFunction(statement: Extract<Statement, { does: 'function' }>, scope: Scope, machine: Machine): void {
  const closure = { code: statement.code, scope, self: null }
  declare(scope, statement.name, { ...nothing, closure }, 'block')
  handlerOfDecorators(closure, machine)
  machine.later(closure, [], null)
}

function runBranches(statement: Extract<Statement, { does: 'if' }>, scope: Scope, machine: Machine): Ending {
  const tested = testOf(statement.test, scope, machine)
  const [then, otherwise] = [openScope('branch', scope), openScope('branch', scope)]
  showAll(then, tested.whenTrue)
  showAll(otherwise, tested.whenFalse)
  const first = runStatements(statement.met, then, machine)
  const second = runStatements(statement.otherwise, otherwise, machine)
  joinBranches(scope, [
    { scope: then, leaves: first.leaves },
    { scope: otherwise, leaves: second.leaves },
  ])
  // What was shown holds on where the other way left.
  if (first.leaves) showAll(scope, tested.whenFalse)
  if (second.leaves) showAll(scope, tested.whenTrue)
  return { leaves: first.leaves && second.leaves, returned: [...first.returned, ...second.returned] }
}

function showAll(scope: Scope, shown: readonly Shown[]): void {
  for (const { path, kinds } of shown) show(scope, path, kinds)
}

/** Loops, cases and handlers of errors: each body may run or not. */
function runWays(statement: Extract<Statement, { does: 'loop' | 'ways' }>, scope: Scope, machine: Machine): Ending {
  const of = statement.of === null ? null : machine.evaluate(statement.of, scope)
  const bodies = statement.does === 'loop' ? [statement.body] : statement.bodies
  const returned: Value[] = []
  const ways = [{ scope: openScope('branch', scope), leaves: false }]
  for (const body of bodies) {
    const inner = openScope('branch', scope)
    if (statement.does === 'loop' && statement.each !== null)
      bindTarget(statement.each, element(of ?? nothing), statement.line, { scope: inner, machine, how: 'block' })
    returned.push(...runStatements(body, inner, machine).returned)
    ways.push({ scope: inner, leaves: false })
  }
  joinBranches(scope, ways)
  return { leaves: false, returned }
}

const throwsUnlessGood = /^(?:validate|assert|ensure|check|verify|require|sanitize|guard|enforce)/i

/** `assertAllowed(path)` from another file is taken by its name: it throws unless its arguments are good. */
function trustValidator(expression: Expression, scope: Scope, machine: Machine): void {
  if (expression.is !== 'call') return
  trustRelative(expression.callee, scope, machine)
  const name = accessPath(expression.callee)?.split('.').at(-1) ?? ''
  if (!throwsUnlessGood.test(name) || name === 'require' || machine.evaluate(expression.callee, scope).closure !== null)
    return
  for (const arg of expression.args) {
    const path = accessPath(arg.value)
    if (path !== null) show(scope, path, everySafety)
  }
}

/** Python: `target.relative_to(root)` raises unless the resolved path lies below the root. */
function trustRelative(callee: Expression, scope: Scope, machine: Machine): void {
  if (callee.is !== 'member' || callee.key !== 'relative_to') return
  const path = accessPath(callee.of)
  if (path !== null && machine.evaluate(callee.of, scope).isResolved) show(scope, path, ['path'])
}
