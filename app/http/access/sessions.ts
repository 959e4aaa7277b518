import { createHash, randomBytes } from 'node:crypto'
import type { Identity } from './identity.ts'

/** By what somebody came in. */
export type CameIn =
  /** The link that was printed on the machine. */
  | { readonly how: 'link' }
  /** The provider; `idToken` tells it whom to sign out. */
  | { readonly how: 'provider'; readonly identity: Identity; readonly idToken: string }

/** A browser that somebody signed in with. Times are milliseconds since 1970. */
export interface Session {
  readonly by: CameIn
  readonly since: number
  readonly until: number
  /** When its person last did something. */
  seen: number
}

/** How long a session lasts: with nothing done, and whatever is done. */
export interface Lasting {
  readonly idleMs: number
  readonly longestMs: number
}

/** The sessions of this process. Secrets are kept as digests only; who stops the process signs everybody out. */
export interface Sessions {
  /** A new session, and the secret that it is shown by. A session of before is ended by whoever calls this. */
  begin(by: CameIn): { secret: string; session: Session }
  /** The session of a secret; `did` where its person did something, and not their browser alone. */
  find(secret: string, did: boolean): Session | null
  end(secret: string): Session | null
}

const most = 5_000
const secretForm = /^[A-Za-z0-9_-]{43}$/

export function openSessions(lasting: Record<CameIn['how'], Lasting>, now: () => number = Date.now): Sessions {
  const sessions = new Map<string, Session>()
  const isOver = ({ by, seen, until }: Session, at: number) => at >= until || at - seen >= lasting[by.how].idleMs

  return {
    begin(by) {
      const at = now()
      for (const [id, one] of sessions) if (isOver(one, at) || sessions.size >= most) sessions.delete(id)
      const secret = randomBytes(32).toString('base64url')
      const session = { by, since: at, until: at + lasting[by.how].longestMs, seen: at }
      sessions.set(digest(secret), session)
      return { secret, session }
    },
    find(secret, did) {
      const at = now()
      const found = secretForm.test(secret) ? sessions.get(digest(secret)) : undefined
      if (found === undefined || isOver(found, at)) return null
      if (did) found.seen = at
      return found
    },
    end(secret) {
      const found = sessions.get(digest(secret)) ?? null
      sessions.delete(digest(secret))
      return found
    },
  }
}

export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
