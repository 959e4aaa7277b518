import type { Role } from '@upkeep/contract'
import { dayOf } from '@upkeep/domain/distance'
import { z } from 'zod'

export const TokenName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'small letters, digits, dots and dashes; 64 at most')

/** The person that a token stands as. No person of upkeep.yaml can be called so. */
export function tokenPerson(name: string): string {
  return `token:${name}`
}

export function scopeWords({
  role,
  operations,
  until,
}: {
  role: Role
  operations: readonly string[] | null
  until: string
}): string {
  const what = operations === null ? 'every operation of its role' : operations.join(', ')
  return `Role ${role}, ${what}, until ${dayOf(until)}`.slice(0, 2_000)
}
