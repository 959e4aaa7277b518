import type { Role } from '@upkeep/contract'
import type { Exposed } from '../exposed.ts'
import type { Problem } from '../work/messages.ts'

/** Who is at the door, and how that is known. */
export interface Principal {
  /** The id in `upkeep.yaml`, or the name of the machine's user. */
  readonly person: string
  readonly roles: readonly Role[]
  /** Ids of the operations that it may use; null for all that its roles may. */
  readonly operations: readonly string[] | null
  /** A program and no person: it decides nothing. */
  readonly agent: boolean
  /** `session`: a browser, whose writes have to come from our own pages. `token`: a program that shows a secret with each request. */
  readonly by: 'session' | 'token'
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
}

/** Whether somebody holds a role. Every role may look, and an admin may do what any role may, as at the terminal. */
export function holds(roles: readonly Role[], needed: Role): boolean {
  return roles.some((role) => role === needed || role === 'admin' || needed === 'viewer')
}

/** What whoever is nobody is told, at every address. */
export const notSignedIn: Problem = {
  code: 'not-signed-in',
  message: 'Nobody is signed in.',
  means: 'Nothing was shown and nothing was done.',
  action:
    'Sign in at the console: by the link that "upkeep serve" prints, or as your team does. Programs send a token.',
}

/** What whoever has the cookie of a session, and not the key of its page, is told. */
export const anotherPage: Problem = {
  code: 'not-allowed',
  message: 'This session belongs to another page.',
  means: 'Nothing was shown and nothing was done.',
  action: 'Sign in again at the console. Programs send a token.',
}

/** What of an operation says who may use it. */
export interface Guarded {
  readonly role: Role
  readonly operation: Pick<Exposed['operation'], 'id' | 'byDelegate'>
}

/** Who asks, where they may use this operation; else what to answer. Every address that shows or does something asks here. */
export function permission(
  principal: Principal | null,
  guarded: Guarded,
): { principal: Principal; refusal: null } | { principal: null; refusal: Problem } {
  if (principal === null) return { principal: null, refusal: notSignedIn }
  const refusal = mayUse(principal, guarded)
  return refusal === null ? { principal, refusal } : { principal: null, refusal }
}

/** Null where this principal may use this operation; else what to answer. */
export function mayUse(principal: Principal, { role, operation }: Guarded): Problem | null {
  if (principal.operations !== null && !principal.operations.includes(operation.id))
    return {
      code: 'not-allowed',
      message: `"${principal.person}" was not given the operation "${operation.id}".`,
      means: 'Nothing was shown and nothing was done.',
      action: 'Make a token that names it: "upkeep token new".',
    }
  if (holds(principal.roles, role)) return null
  // To whom a right was delegated holds no role: whether it counts is said where the operation is run.
  if (operation.byDelegate !== undefined && !principal.agent) return null
  return {
    code: 'not-allowed',
    message: `"${principal.person}" does not hold the role ${role}, which "${operation.id}" takes.`,
    means: 'Nothing was shown and nothing was done.',
    action: 'Ask an admin for the role; who has another name in upkeep.yaml says so with "upkeep serve --as <id>".',
  }
}
