import type { Role } from '@upkeep/contract'
import { z } from 'zod'
import { fieldsOf } from '../operations/input-shape.ts'
import type { AnyOperation } from '../operations/operation.ts'

/** An operation as it is reached from elsewhere: without what lies on the machine of whoever types it. */
export interface Exposed {
  readonly operation: AnyOperation
  /** `read`: asking leaves nothing behind. */
  readonly effect: 'read' | 'write'
  readonly role: Role
  /** Its id with slashes, below the root of the API. */
  readonly path: string
  readonly input: z.ZodObject
}

/** What doors other than the terminal have of the operation table. A writing operation that can be asked to read has both forms. */
export function exposed(operations: readonly AnyOperation[]): Exposed[] {
  return operations
    .filter(({ at }) => at !== 'terminal')
    .flatMap((operation): Exposed[] => {
      const { effect, role, readsWithout } = operation
      const one = { operation, path: operation.id.replaceAll('.', '/') }
      const whole: Exposed = { ...one, effect, role, input: without(operation.input, []) }
      if (effect === 'read' || readsWithout === undefined) return [whole]
      return [{ ...one, effect: 'read', role: 'viewer', input: without(operation.input, readsWithout) }, whole]
    })
}

/** What of the terminal's operations is handed out as a file: without the field that names it. */
export function downloads(operations: readonly AnyOperation[]): Exposed[] {
  return operations
    .filter(({ download }) => download !== undefined)
    .map((operation) => {
      const { role, input } = operation
      return { operation, effect: 'read', role, path: operation.id.replaceAll('.', '/'), input: without(input, []) }
    })
}

/** The input without the fields of the terminal's own machine and those that are named. It stays strict: a field that is not there is an error. */
function without(input: z.ZodObject, names: readonly string[]): z.ZodObject {
  const gone = new Set(fieldsOf(input).flatMap(({ key, local }) => (local || names.includes(key) ? [key] : [])))
  return z.strictObject(Object.fromEntries(Object.entries(input.shape).filter(([key]) => !gone.has(key))))
}
