import { type Role, UserError } from '@upkeep/contract'
import type { z } from 'zod'
import type { Context } from './context.ts'
import type { Answer, AnyOperation } from './operation.ts'

/** Runs an operation for any door: input checked, role checked, output checked against what is published. */
export async function runOperation(
  operation: AnyOperation,
  context: Context,
  given: unknown,
): Promise<Answer<unknown>> {
  const input = operation.input.safeParse(given)
  if (!input.success) throw badInput(operation, input.error)
  if (operation.effect === 'write') requireRole(context, operation.role)
  const answer = await operation.run(context, input.data)
  return { ...answer, output: operation.output.parse(answer.output) }
}

/** Where people are named in `upkeep.yaml`, a decision takes one of them with the role. Elsewhere whoever can write the state decides. */
export function requireRole(context: Context, role: Role): void {
  const decides: readonly Role[] = ['reviewer', 'approver', 'admin']
  if (!decides.includes(role) || context.people.length === 0) return
  const person = context.people.find((one) => one.id === context.signer.person)
  if (person?.roles.some((held) => held === role || held === 'admin')) return
  throw new UserError(
    'not-allowed',
    `"${context.signer.person}" does not hold the role ${role}, which this takes. Nothing was written.`,
    'Name yourself with --as, or add the role to the person in upkeep.yaml.',
  )
}

/** Says which value has the wrong form, never what the value was. */
function badInput(operation: AnyOperation, error: z.ZodError): UserError {
  const [first] = error.issues
  const where = first?.path.map(String).join('.') ?? ''
  const command = `upkeep ${operation.cli.verb}`.trim()
  return new UserError('bad-input', `${where}: ${first?.message ?? 'not valid'}`, `See "${command} --help".`)
}
