import type { Expression } from '../syntax.ts'
import { accessPath } from './access-path.ts'
import type { Machine } from './machine.ts'
import { nowhere, ofContained, pinned, type Side } from './shows.ts'
import { isStrictPattern } from './strict-pattern.ts'
import type { Scope, Shows } from './value.ts'
import { everySafety, nothing, taintIn } from './value.ts'

type Call = Extract<Expression, { is: 'call' }>
type TestOf = (expression: Expression, scope: Scope) => Shows

/** What a call that stands as a test says of the values in it. */
export function showsOfCall(call: Call, scope: Scope, machine: Machine, testOf: TestOf): Shows {
  const args = call.args.map((arg) => sideOf(arg.value, scope, machine))
  if (call.callee.is === 'member' && call.callee.key !== null) {
    const receiver = sideOf(call.callee.of, scope, machine)
    const shows = ofMethod(call.callee.key, receiver, args, { call, scope, machine, testOf })
    if (shows !== null) return shows
  }
  const callee = machine.evaluate(call.callee, scope)
  if (callee.closure !== null) {
    const shows = ofOwnFunction(callee.closure, args, machine, testOf)
    if (shows.whenTrue.length + shows.whenFalse.length > 0) return shows
  }
  return ofPredicate(call.callee, args)
}

function sideOf(expression: Expression, scope: Scope, machine: Machine): Side {
  return { expression, value: machine.evaluate(expression, scope), path: accessPath(expression) }
}

interface Around {
  call: Call
  scope: Scope
  machine: Machine
  testOf: TestOf
}

function ofMethod(key: string, receiver: Side, args: readonly Side[], around: Around): Shows | null {
  const [first, second] = args
  switch (key) {
    case 'startsWith':
    case 'startswith':
      return first === undefined ? nowhere : ofStart(receiver, first)
    case 'isdigit':
    case 'isdecimal':
    case 'isalpha':
    case 'isalnum':
    case 'isidentifier':
      return { whenTrue: pinned(receiver), whenFalse: [] }
    case 'is_relative_to':
      return receiver.value.isResolved ? { whenTrue: pinned(receiver, ['path']), whenFalse: [] } : nowhere
    case 'has':
    case 'includes':
    case 'contains':
    case 'hasOwnProperty':
      return first === undefined ? nowhere : ofMembership(receiver, first)
    case 'hasOwn':
      return first === undefined || second === undefined
        ? nowhere
        : { whenTrue: ofContained(second, first), whenFalse: [] }
    case 'some':
      return ofSome(around)
    case 'test':
      return receiver.value.holds === 'pattern' ? ofPattern(receiver, first, false) : null
    case 'match':
    case 'fullmatch':
      return ofMatch(key, receiver, args)
    default:
      return null
  }
}

/** `x.startsWith(root + sep)` contains a path that is already resolved; of an address it pins the host. */
function ofStart(receiver: Side, prefix: Side): Shows {
  if (receiver.value.holds === 'relative' && prefix.value.text?.startsWith('..'))
    return { whenTrue: [], whenFalse: receiver.value.about.map((path) => ({ path, kinds: ['path' as const] })) }
  if (taintIn(prefix.value) !== null) return nowhere
  const kinds = [
    ...(receiver.value.isResolved && prefix.value.isFolder ? (['path'] as const) : []),
    ...(/^https?:\/\/[^/?#]{1,300}[/?#]/.test(prefix.value.text ?? '') ? (['url'] as const) : []),
  ]
  if (kinds.length === 0) return nowhere
  const about = receiver.value.isResolved ? receiver.value.about.map((path) => ({ path, kinds })) : []
  return { whenTrue: [...(receiver.path === null ? [] : [{ path: receiver.path, kinds }]), ...about], whenFalse: [] }
}

function ofMembership(container: Side, member: Side): Shows {
  if (member.value.text === '..' && container.path !== null)
    return { whenTrue: [], whenFalse: [{ path: container.path, kinds: ['dots'] }] }
  return { whenTrue: ofContained(member, container), whenFalse: [] }
}

/** `roots.some((root) => x.startsWith(root + sep))` shows what its function does. */
function ofSome({ call, scope, machine, testOf }: Around): Shows {
  const [given] = call.args
  const closure = given === undefined ? null : machine.evaluate(given.value, scope).closure
  const last = closure?.code.body.at(-1)
  if (!closure || last?.does !== 'return' || last.value === null) return nowhere
  const { scope: inner } = machine.call(closure, [nothing])
  return inner === null ? nowhere : { whenTrue: testOf(last.value, inner).whenTrue, whenFalse: [] }
}

function ofPattern(pattern: Side, text: Side | undefined, whole: boolean): Shows {
  if (text === undefined || !isStrictPattern(pattern.value.text ?? '', whole)) return nowhere
  return { whenTrue: pinned(text), whenFalse: [] }
}

/** `x.match(/…/)`, `re.fullmatch(p, x)` and `pattern.fullmatch(x)`. */
function ofMatch(key: string, receiver: Side, args: readonly Side[]): Shows | null {
  const [first, second] = args
  const whole = key === 'fullmatch'
  if (receiver.value.named === 're') return first === undefined ? nowhere : ofPattern(first, second, whole)
  if (receiver.value.holds === 'pattern') return ofPattern(receiver, first, whole)
  return first?.value.holds === 'pattern' ? ofPattern(first, receiver, whole) : null
}

/** A function of this file whose last line is its answer: what that shows of its parameters holds of what they were given. */
function ofOwnFunction(
  closure: NonNullable<Side['value']['closure']>,
  args: readonly Side[],
  machine: Machine,
  testOf: TestOf,
): Shows {
  const last = closure.code.body.at(-1)
  if (last?.does !== 'return' || last.value === null) return nowhere
  const { scope } = machine.call(
    closure,
    args.map((arg) => arg.value),
  )
  if (scope === null) return nowhere
  const outside = new Map<string, string>()
  for (const [index, { target }] of closure.code.parameters.entries()) {
    const path = args[index]?.path
    if (target.to === 'name' && path) outside.set(target.name, path)
  }
  const shows = testOf(last.value, scope)
  const renamed = (shown: Shows['whenTrue']) =>
    shown.flatMap(({ path, kinds }) => {
      const given = outside.get(path)
      return given === undefined ? [] : [{ path: given, kinds }]
    })
  return { whenTrue: renamed(shows.whenTrue), whenFalse: renamed(shows.whenFalse) }
}

const permits = /allow|safe|valid|permit|within|inside|trusted|whitelist|contained|authorized/i
const forbids = /private|internal|block|forbid|danger|unsafe|denied|disallow|notallow|invalid|outside|traversal|escape/i

/** A function that we cannot see into is taken by its name. */
function ofPredicate(callee: Expression, args: readonly Side[]): Shows {
  const name = accessPath(callee)?.split('.').at(-1) ?? ''
  const shown = args.flatMap((arg) => [
    ...pinned(arg),
    ...arg.value.about.map((path) => ({ path, kinds: everySafety })),
  ])
  if (forbids.test(name)) return { whenTrue: [], whenFalse: shown }
  return permits.test(name) ? { whenTrue: shown, whenFalse: [] } : nowhere
}
