import { createHash, randomBytes } from 'node:crypto'
import type { Identity } from './identity.ts'
import { type KeptSession, openWith, type SessionFiles, sealWith } from './session-files.ts'

/** By what somebody came in. */
export type CameIn =
  /** The link that was printed on the machine. */
  | { readonly how: 'link' }
  /** The provider: in which of its sessions, and the token that tells it whom to sign out. */
  | { readonly how: 'provider'; readonly identity: Identity; readonly sid: string | null; readonly idToken: string }

/** A browser that somebody signed in with. Times are milliseconds since 1970. */
export interface Session {
  readonly by: { readonly how: 'link' } | { readonly how: 'provider'; readonly identity: Identity }
  readonly since: number
  readonly until: number
  /** When its person last did something. */
  seen: number
  /** The digest of the key of the page that it is bound to; null until one asked for it. */
  page: string | null
}

/** How long a session lasts: with nothing done, and whatever is done. */
export interface Lasting {
  readonly idleMs: number
  readonly longestMs: number
}

/**
 * Who is signed in. Secrets are known by their digests only. What a provider signed in is kept in the state folder and outlasts the process; what
 * the link opened ends with it.
 */
export interface Sessions {
  /** A new session, and the secret that it is shown by. A session of before is ended by whoever calls this. */
  begin(by: CameIn): { secret: string; session: Session }
  /** The session of a secret; `did` where its person did something, and not their browser alone. */
  find(secret: string, did: boolean): Session | null
  /** Binds it to the page that has this key, once. False where it is bound to another, or over. */
  bind(secret: string, key: string): boolean
  /** Ends it; with the ID token where a provider gave one. */
  end(secret: string): { session: Session; idToken: string | null } | null
  /** Ends what the provider signed out: the sessions of one of its own, or all of somebody that began before. Gives back whose they were. */
  endOf(of: { subject: string | null; sid: string | null; before: number }): Identity[]
}

interface Known {
  readonly session: Session
  readonly kept: KeptSession | null
  /** When that was written down last. */
  seenThere: number
}

interface SessionsInput {
  readonly lasting: Record<CameIn['how'], Lasting>
  /** Where those of the provider are kept; null where there is none. */
  readonly files: SessionFiles | null
  readonly issuer: string
  readonly now?: () => number
}

/** Whether whoever shows this key may use the session. One that no page asked for is used without. */
export function fitsPage({ page }: Session, key: unknown): boolean {
  return page === null || (typeof key === 'string' && digest(key) === page)
}

const most = 5_000
/** That somebody did something is written down this often. */
const writtenEachMs = 60_000
const secretForm = /^[A-Za-z0-9_-]{43}$/

export function openSessions({ lasting, files, issuer, now = Date.now }: SessionsInput): Sessions {
  const sessions = new Map<string, Known>()
  const isOver = ({ by, seen, until }: Session, at: number) => at >= until || at - seen >= lasting[by.how].idleMs

  function forget(id: string): void {
    const isKept = sessions.get(id)?.session.by.how !== 'link'
    sessions.delete(id)
    if (isKept) files?.remove(id)
  }

  function take(id: string, kept: KeptSession): Known {
    const { identity, since, until, seen, page } = kept
    const longest = Math.min(until, since + lasting.provider.longestMs)
    const session: Session = { by: { how: 'provider', identity }, since, until: longest, seen, page }
    const known = { session, kept, seenThere: seen }
    sessions.set(id, known)
    return known
  }

  /** Another process of this installation may have begun it, bound it to a page, or ended it. */
  function knownAs(id: string): Known | null {
    const known = sessions.get(id)
    if (known?.session.by.how === 'link') return known
    if (known !== undefined && (files === null || (known.session.page !== null && files.isThere(id)))) return known
    sessions.delete(id)
    const kept = files?.get(id) ?? null
    return kept === null ? null : take(id, kept)
  }

  /** Whoever did nothing here may be at work at another process of this installation. */
  function isAtEnd(id: string, { session, kept }: Known, at: number): boolean {
    if (!isOver(session, at)) return false
    const there = kept === null ? null : (files?.get(id) ?? null)
    if (there !== null) session.seen = Math.max(session.seen, there.seen)
    return isOver(session, at)
  }

  for (const [id, kept] of files?.all() ?? []) if (isOver(take(id, kept).session, now())) forget(id)

  return {
    begin(by) {
      const at = now()
      for (const [id, known] of sessions) if (sessions.size >= most || isAtEnd(id, known, at)) forget(id)
      const secret = randomBytes(32).toString('base64url')
      const id = digest(secret)
      const times = { since: at, until: at + lasting[by.how].longestMs, seen: at, page: null }
      if (by.how === 'link') {
        const session: Session = { by, ...times }
        sessions.set(id, { session, kept: null, seenThere: at })
        return { secret, session }
      }
      const sid = by.sid === null ? null : digest(by.sid)
      const kept = { issuer, identity: by.identity, sid, idToken: sealWith(secret, by.idToken), ...times }
      files?.keep(id, kept)
      return { secret, session: take(id, kept).session }
    },
    find(secret, did) {
      const at = now()
      const id = secretForm.test(secret) ? digest(secret) : null
      const found = id === null ? null : knownAs(id)
      if (id === null || found === null || isAtEnd(id, found, at)) return null
      if (did) {
        found.session.seen = at
        if (found.kept !== null && at - found.seenThere >= writtenEachMs) {
          files?.touch(id, at)
          found.seenThere = at
        }
      }
      return found.session
    },
    bind(secret, key) {
      const id = digest(secret)
      const found = knownAs(id)
      if (found === null) return false
      const { session, kept } = found
      if (session.page !== null) return fitsPage(session, key)
      session.page = digest(key)
      if (kept === null) return true
      const bound = { ...kept, seen: session.seen, page: session.page }
      files?.keep(id, bound)
      take(id, bound)
      return true
    },
    end(secret) {
      const id = digest(secret)
      const found = knownAs(id)
      forget(id)
      if (found === null) return null
      return { session: found.session, idToken: found.kept === null ? null : openWith(secret, found.kept.idToken) }
    },
    endOf({ subject, sid, before }) {
      for (const [id, kept] of files?.all() ?? []) if (!sessions.has(id)) take(id, kept)
      const there = sid === null ? null : digest(sid)
      const isMeant = ({ kept }: Known) =>
        kept !== null &&
        (subject === null || kept.identity.subject === subject) &&
        (there === null ? kept.since <= before : kept.sid === there)
      const ended = [...sessions].filter(([, known]) => isMeant(known))
      for (const [id] of ended) forget(id)
      return ended.flatMap(([, { kept }]) => (kept === null ? [] : [kept.identity]))
    },
  }
}

export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
