import type { Statement } from '../syntax.ts'
import { bindTarget } from './bind-target.ts'
import { evaluateExpression } from './evaluate-expression.ts'
import type { Language } from './language.ts'
import type { Called, Machine, Reached } from './machine.ts'
import { runStatements } from './run-statements.ts'
import { openScope } from './scope.ts'
import { type Closure, nothing, oneOf, taintIn, type Value } from './value.ts'

const maxSteps = 400_000
const maxDepth = 10
const maxReached = 200

interface Waiting {
  closure: Closure
  args: readonly Value[]
  tool: string | null
}

interface State {
  waiting: Waiting[]
  seen: Map<Closure['code'], Set<Closure['scope']>>
  reached: Map<string, Reached>
  active: Closure['code'][]
  tool: string | null
  isHandler: boolean
  steps: number
  handlers: number
}

type Followed =
  | { state: 'read'; reached: readonly Reached[]; handlers: number; problems: readonly string[] }
  | { state: 'refused'; reason: string }

/** A machine for one file: follows it from top to bottom, then each of its functions. Bounded by steps, so that no text holds it up. */
export function createMachine(language: Language): {
  follow(body: readonly Statement[], problems: readonly string[]): Followed
} {
  const state: State = {
    waiting: [],
    seen: new Map(),
    reached: new Map(),
    active: [],
    tool: null,
    isHandler: false,
    steps: 0,
    handlers: 0,
  }
  const machine: Machine = {
    language,
    evaluate(expression, scope) {
      state.steps += 1
      return state.steps > maxSteps ? nothing : evaluateExpression(expression, scope, machine)
    },
    run: (statements, scope) => runStatements(statements, scope, machine),
    call: (closure, args) =>
      isWorthCalling(closure, args, state) ? callClosure(closure, args, state, machine) : unknownCall,
    later: (closure, args, tool) => addWaiting({ closure, args, tool }, state),
    report: (reached) => addReached(reached, state),
  }
  return {
    follow(body, problems) {
      machine.run(body, openScope('function', null))
      for (let next = state.waiting.shift(); next !== undefined; next = state.waiting.shift()) {
        state.tool = next.tool
        state.isHandler = hasTaint(next.args)
        callClosure(next.closure, next.args, state, machine)
      }
      if (state.steps > maxSteps) return { state: 'refused', reason: `more than ${maxSteps} steps to follow` }
      const reached = [...state.reached.values()].sort((a, b) => a.line - b.line || (a.kind < b.kind ? -1 : 1))
      return { state: 'read', reached, handlers: state.handlers, problems }
    },
  }
}

function callClosure(closure: Closure, args: readonly Value[], state: State, machine: Machine): Called {
  const { code, self } = closure
  if (state.active.includes(code) || state.active.length >= maxDepth) return unknownCall
  const scope = openScope('function', closure.scope)
  if (self !== null && machine.language.id === 'javascript') scope.names.set('this', self)
  const given = self !== null && machine.language.id === 'python' ? [self, ...args] : args
  state.active.push(code)
  for (const [index, { target, otherwise }] of code.parameters.entries()) {
    const value = given[index] ?? (otherwise === null ? nothing : machine.evaluate(otherwise, scope))
    bindTarget(target, value, code.line, { scope, machine, how: 'block' })
  }
  const ending = machine.run(code.body, scope)
  state.active.pop()
  return { value: oneOf(ending.returned), scope }
}

const unknownCall: Called = { value: nothing, scope: null }
const shallow = 2
const maxSweeps = 3

/**
 * Only arguments are followed into calls, and what may register a function. Every function is looked at by itself anyway; what a plain
 * call of it gives does not matter.
 */
function isWorthCalling({ scope, self }: Closure, args: readonly Value[], state: State): boolean {
  if (hasTaint(args)) return true
  if (args.some((value) => value.closure !== null)) return state.active.length < shallow
  return state.isHandler && (self !== null || scope.parent !== null)
}

/** A function is looked at once with plain arguments for each scope that makes it, and once for each handler that it is. */
function addWaiting(waiting: Waiting, state: State): void {
  const isHandler = hasTaint(waiting.args)
  const scopes = state.seen.get(waiting.closure.code) ?? new Set()
  if (isHandler) state.handlers += 1
  else if (scopes.has(waiting.closure.scope) || (!state.isHandler && scopes.size >= maxSweeps)) return
  state.seen.set(waiting.closure.code, scopes.add(waiting.closure.scope))
  state.waiting.push({ ...waiting, tool: waiting.tool ?? state.tool })
}

function hasTaint(args: readonly Value[]): boolean {
  return args.some((value) => taintIn(value) !== null)
}

function addReached(reached: Omit<Reached, 'tool'>, state: State): void {
  const key = `${reached.line}:${reached.kind}:${reached.sink}`
  if (!state.reached.has(key) && state.reached.size < maxReached)
    state.reached.set(key, { ...reached, tool: state.tool })
}
