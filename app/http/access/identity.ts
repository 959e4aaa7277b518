import type { Person } from '@upkeep/contract'
import { z } from 'zod'

/** Who somebody is to the provider: what never changes there, and an address only where the provider says that it verified it. */
export interface Identity {
  readonly subject: string
  readonly email: string | null
}

const Claims = z.looseObject({
  sub: z.string().min(1).max(255),
  email: z.string().max(254).optional(),
  // Some providers send it as a text.
  email_verified: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
})

/** What the claims of a provider say of who somebody is; null where they do not. */
export function identityIn(claims: unknown): Identity | null {
  const read = Claims.safeParse(claims)
  if (!read.success) return null
  const { sub, email, email_verified: verified } = read.data
  return { subject: sub, email: email !== undefined && String(verified) === 'true' ? email.toLowerCase() : null }
}

/**
 * The one person of `upkeep.yaml` that somebody is. Who has a subject there is known by it alone: an address may be given to somebody else one
 * day. Where it fits two, it is nobody.
 */
export function personOf({ subject, email }: Identity, people: readonly Person[]): Person | null {
  const bySubject = people.filter((one) => one.subject === subject)
  const found =
    bySubject.length > 0
      ? bySubject
      : people.filter((one) => one.subject === undefined && email !== null && one.email?.toLowerCase() === email)
  const [first] = found
  return found.length === 1 && first !== undefined ? first : null
}
