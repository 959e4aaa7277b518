import { type Role, UserError } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { tellTickets } from '../tell-tickets.ts'
import type { Context } from './context.ts'
import { refuseAgents } from './decide.ts'
import { hasDelegatedRight } from './delegated-right.ts'
import type { Answer, AnyOperation } from './operation.ts'

/**
 * Runs an operation for any door: input checked, role checked, output checked against what is published. `listLater`: the list that is
 * handed out in pages is not checked here, and each part of it is with `checkedRows` when it is handed out.
 */
export async function runOperation(
  operation: AnyOperation,
  context: Context,
  given: unknown,
  { listLater = false } = {},
): Promise<Answer<unknown>> {
  const input = operation.input.safeParse(given)
  if (!input.success) throw badInput(input.error, `"${`upkeep ${operation.cli.verb}`.trim()} --help"`)
  if (operation.decides?.(input.data) === true) refuseAgents(context)
  if (operation.effect === 'write') await requireRight(operation, context, input.data)
  const answer = await operation.run(context, input.data).finally(() => afterwards(operation, context, input.data))
  const stamps =
    answer.stamps ?? stampsOf({ practice: context.practice, simulatedClock: context.clock.kind === 'simulated' })
  const output = checkedOutput(operation, answer.output, listLater ? operation.pages : undefined)
  return { ...answer, stamps, output: stamps.length === 0 ? output : { ...output, stamps } }
}

/**
 * Changes that an operation moved on are told to their tickets, also where it stopped for want of a person. What comes of that is in the log, and never takes
 * from what the operation did.
 */
async function afterwards(operation: AnyOperation, context: Context, input: Record<string, unknown>): Promise<void> {
  const { effect, readsWithout } = operation
  const isRead = readsWithout?.every((word) => input[word] === undefined || input[word] === false) === true
  if (effect === 'read' || isRead || context.upkeepFile.tickets.length === 0) return
  await tellTickets(context).catch((error: unknown) => {
    context.tell(`Tickets could not be told: ${error instanceof UserError ? error.message : 'see "upkeep notify log"'}`)
  })
}

function checkedOutput({ output }: AnyOperation, given: unknown, later: string | undefined): Record<string, unknown> {
  if (later === undefined) return output.parse(given)
  const { [later]: rows, ...rest } = z.record(z.string(), z.unknown()).parse(given)
  return { ...output.parse({ ...rest, [later]: [] }), [later]: rows }
}

/** Rows of the list of an operation, checked against what is published. */
export function checkedRows({ output, pages }: AnyOperation, rows: readonly unknown[]): readonly unknown[] {
  const schema = pages === undefined ? undefined : output.shape[pages]
  return schema === undefined ? rows : z.array(z.unknown()).parse(z.parse(schema, rows))
}

/** What an operation puts out as it is published: with the stamps that practice and a simulated clock leave on everything. */
export function publishedOutput(operation: AnyOperation): z.ZodObject {
  return operation.output.extend({
    stamps: z.array(z.string()).optional().describe('Present on a practice fleet and under a simulated clock'),
  })
}

/** The role, or a right to approve that was delegated where the operation takes one: each change says then whether it counts. */
async function requireRight(operation: AnyOperation, context: Context, input: Record<string, unknown>): Promise<void> {
  const takesDelegates = operation.byDelegate?.(input) === true
  if (takesDelegates && (await hasDelegatedRight(context, await context.existingStore()))) return
  requireRole(context, operation.role)
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

const acting: readonly Role[] = ['operator', 'reviewer', 'approver', 'admin']

/** Whoever takes a question away from everybody holds a role that acts: to look at it takes none. */
export function requireActingRole({ people, signer }: Context): void {
  if (people.length === 0) return
  const person = people.find((one) => one.id === signer.person)
  if (person?.roles.some((held) => acting.includes(held))) return
  throw new UserError(
    'not-allowed',
    `"${signer.person}" may look and no more. Nothing was written.`,
    `It takes one of the roles ${acting.join(', ')}: name yourself with --as, or add it to the person in upkeep.yaml.`,
  )
}

/** Says which value has the wrong form, never what the value was. Names of fields may be of whoever asks: bounded, and nothing hidden in them. */
export function badInput(error: z.ZodError, see: string): UserError {
  const [first] = error.issues
  const where = printable(first?.path.map(String).join('.') ?? '')
  return new UserError('bad-input', `${where}: ${printable(first?.message ?? 'not valid')}`, `See ${see}.`)
}
