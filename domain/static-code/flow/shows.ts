import type { Expression } from '../syntax.ts'
import { everySafety, type Safety, type Shown, type Shows, taintIn, type Value } from './value.ts'

/** One side of a comparison. */
export interface Side {
  expression: Expression
  value: Value
  path: string | null
}

export const nowhere: Shows = { whenTrue: [], whenFalse: [] }

/** What holds when both are known to hold. */
export function both(some: readonly Shown[], more: readonly Shown[]): readonly Shown[] {
  return [...some, ...more]
}

/** What holds when only one of the two is known to hold. */
export function either(some: readonly Shown[], others: readonly Shown[]): readonly Shown[] {
  return some.flatMap(({ path, kinds }) => {
    const there = others.filter((other) => other.path === path).flatMap((other) => other.kinds)
    const common = kinds.filter((kind) => there.includes(kind))
    return common.length === 0 ? [] : [{ path, kinds: common }]
  })
}

/** All that is shown of a value by a test that pins it down: itself, and what it speaks of. */
export function pinned(side: Pick<Side, 'value' | 'path'>, kinds: readonly Safety[] = everySafety): Shown[] {
  const { holds } = side.value
  const about: readonly Safety[] = holds === 'relative' ? ['path'] : holds === 'url' ? ['url'] : []
  return [
    ...(side.path === null ? [] : [{ path: side.path, kinds }]),
    ...(about.length === 0 ? [] : side.value.about.map((path) => ({ path, kinds: about }))),
  ]
}

/** A value that equals one of ours is ours; nothing is shown by `=== undefined`. */
export function ofEqual(left: Side, right: Side): Shown[] {
  if (isOwn(right)) return pinned(left)
  return isOwn(left) ? pinned(right) : []
}

function isOwn({ expression, value }: Side): boolean {
  if (taintIn(value) !== null) return false
  if (expression.is === 'literal') return expression.value !== null
  return !(expression.is === 'name' && /^(?:undefined|null|None|NaN)$/.test(expression.name))
}

const denial = /deny|denied|block|forbid|banned|danger|bad|exclude|ignore|black|reserved|unsafe|illegal|invalid/i

/** A value that is in one of our lists. Lists of what is forbidden show nothing. */
export function ofContained(left: Side, container: Side): Shown[] {
  if (taintIn(container.value) !== null || container.value.text !== null) return []
  return denial.test(container.path ?? '') ? [] : pinned(left)
}
