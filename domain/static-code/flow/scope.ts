import { nothing, oneOf, type Safety, type Scope, type Value } from './value.ts'

/** A scope with nothing in it yet. */
export function openScope(kind: Scope['kind'], parent: Scope | null): Scope {
  return { kind, parent, names: new Map(), assigned: new Map(), shown: new Map() }
}

/** The value of a name; null when this file does not bind it. */
export function lookUp(scope: Scope, name: string): Value | null {
  for (let one: Scope | null = scope; one !== null; one = one.parent) {
    const found = one.names.get(name) ?? one.assigned.get(name)
    if (found !== undefined) return found
  }
  return null
}

/** Binds a name here: in this block, or in the function around it. */
export function declare(scope: Scope, name: string, value: Value, where: 'block' | 'function'): void {
  forget(scope, name)
  if (where === 'block') scope.names.set(name, value)
  else assignIn(scope, name, value)
}

/** Gives a name that is bound somewhere a new value. */
export function assign(scope: Scope, name: string, value: Value): void {
  forget(scope, name)
  for (let one: Scope | null = scope; one !== null; one = one.parent) {
    if (one.names.has(name) || one.parent === null) {
      one.names.set(name, value)
      return
    }
    if (one.kind === 'branch') {
      one.assigned.set(name, value)
      return
    }
  }
}

function assignIn(scope: Scope, name: string, value: Value): void {
  for (let one: Scope | null = scope; one !== null; one = one.parent) {
    if (one.kind === 'branch') one.assigned.set(name, value)
    else if (one.kind === 'function' || one.parent === null) one.names.set(name, value)
    else continue
    return
  }
}

function forget(scope: Scope, name: string): void {
  for (let one: Scope | null = scope; one !== null; one = one.parent)
    for (const path of one.shown.keys()) if (path === name || path.startsWith(`${name}.`)) one.shown.delete(path)
}

/** Notes that a test showed something of a value. */
export function show(scope: Scope, path: string, kinds: readonly Safety[]): void {
  scope.shown.set(path, [...(scope.shown.get(path) ?? []), ...kinds])
}

/** All that was shown of a value or of what holds it. */
export function shownOf(scope: Scope, path: string): readonly Safety[] {
  const kinds: Safety[] = []
  for (let one: Scope | null = scope; one !== null; one = one.parent)
    for (const [known, what] of one.shown) if (path === known || path.startsWith(`${known}.`)) kinds.push(...what)
  return kinds
}

/** After both ways of a branch: names assigned on one have either value. A way that leaves does not count. */
export function joinBranches(outer: Scope, ways: readonly { scope: Scope; leaves: boolean }[]): void {
  const names = new Set(ways.filter((way) => !way.leaves).flatMap((way) => [...way.scope.assigned.keys()]))
  for (const name of names) {
    const values = ways.filter((way) => !way.leaves).map((way) => valueAfter(way.scope, name))
    const joined = oneOf(values)
    if (outer.names.has(name) || outer.kind === 'branch') assign(outer, name, joined)
    else assignIn(outer, name, joined)
  }
}

function valueAfter(way: Scope, name: string): Value {
  const value = lookUp(way, name) ?? nothing
  const shown = shownOf(way, name)
  if (value.taint === null || shown.length === 0) return value
  return { ...value, taint: { ...value.taint, safe: new Set([...value.taint.safe, ...shown]) } }
}
