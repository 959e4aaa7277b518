import type { Role } from '@upkeep/contract/person'

/** What a program shows at the HTTP door, as it is kept: never the token itself. */
export interface StoredToken {
  /** Used once: a name that was ended is not given again, so that records name one token. */
  readonly name: string
  /** SHA-256 of the whole token, hex. */
  readonly digest: string
  readonly role: Role
  /** Ids of the operations that it opens; null for all that its role may use. */
  readonly operations: readonly string[] | null
  readonly madeBy: string
  readonly at: string
  readonly until: string
  readonly revokedAt: string | null
  /** To the minute. */
  readonly usedAt: string | null
}

export interface Tokens {
  /** False, and nothing is changed, where the name was given before. */
  add(token: Omit<StoredToken, 'revokedAt' | 'usedAt'>): Promise<boolean>
  /** All that ever were, the newest first. */
  list(): Promise<StoredToken[]>
  byDigest(digest: string): Promise<StoredToken | null>
  /** False where there is none of that name that still opens something. */
  revoke(name: string, at: string): Promise<boolean>
  /** Notes that it was used, once a minute at most. */
  used(name: string, at: string): Promise<void>
}
