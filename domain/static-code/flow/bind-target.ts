import type { Expression, Target } from '../syntax.ts'
import type { Machine } from './machine.ts'
import { memberName, sourceOfPart } from './member-value.ts'
import { assign, declare } from './scope.ts'
import type { Scope } from './value.ts'
import { nothing, oneOf, stepped, tainted, type Value } from './value.ts'

interface Binding {
  scope: Scope
  machine: Machine
  how: 'block' | 'function' | 'assign'
}

/** Puts a value where an assignment, a declaration or a parameter says. */
export function bindTarget(target: Target, value: Value, line: number, binding: Binding): void {
  switch (target.to) {
    case 'name':
      bindName(target.name, value, line, binding)
      return
    case 'member': {
      const holder = binding.machine.evaluate(target.of, binding.scope)
      if (target.key !== null) holder.fields?.set(target.key, value)
      return
    }
    case 'fields':
      for (const { key, target: inner, otherwise } of target.entries)
        bindTarget(inner, fieldOf(value, key, otherwise, binding), line, binding)
      return
    case 'items':
      for (const [index, inner] of target.items.entries())
        if (inner !== null) bindTarget(inner, itemOf(value, index), line, binding)
  }
}

function bindName(name: string, value: Value, line: number, { scope, how }: Binding): void {
  const named = value.taint === null ? value : tainted(stepped(value.taint, line, name), value)
  if (how === 'assign') assign(scope, name, named)
  else declare(scope, name, named, how)
}

function fieldOf(value: Value, key: string | null, otherwise: Expression | null, { machine, scope }: Binding): Value {
  if (key === null) return value
  const known = value.fields?.get(key)
  if (known !== undefined) return known
  if (value.taint !== null) return tainted({ ...value.taint, source: sourceOfPart(value.taint.source, key) })
  const given = otherwise === null ? nothing : machine.evaluate(otherwise, scope)
  return given === nothing ? { ...nothing, named: memberName(value.named, key) } : given
}

function itemOf(value: Value, index: number): Value {
  const known = value.fields?.get(String(index))
  if (known !== undefined) return known
  if (value.taint !== null) return tainted(value.taint)
  return value.fields === null ? nothing : oneOf([...value.fields.values()])
}
