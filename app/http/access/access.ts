import type { Person, SessionLimits } from '@upkeep/contract'
import type { FastifyRequest } from 'fastify'
import { cookieIn, sessionCookie } from './door-cookies.ts'
import { personOf } from './identity.ts'
import { type OneTimeLink, oneTimeLink } from './one-time-link.ts'
import { type PeopleHere, rolesAtMachine } from './people-here.ts'
import type { Principal } from './principal.ts'
import type { Provider } from './provider.ts'
import type { SessionFiles } from './session-files.ts'
import { openSessions, type Session, type Sessions } from './sessions.ts'
import type { SignInLog } from './sign-in-log.ts'

/** By what people get in, and who they are then. */
export interface Access {
  /** Null where nobody signs in with a provider: then whoever owns the machine is let in by a link, and nobody else. */
  readonly provider: Provider | null
  /** Whose session the link opens. */
  readonly ownerId: string
  readonly sessions: Sessions
  readonly link: OneTimeLink
  readonly people: PeopleHere
  readonly log: SignInLog
  /** Whose session this request belongs to, as things stand now; null where it has none. `did`: its person did something. */
  principalOf(request: FastifyRequest, did: boolean): Principal | null
  /** The same, with the session itself. */
  standingOf(request: FastifyRequest): { principal: Principal; session: Session; name: string } | null
}

export interface AccessInput {
  /** Whose session the link opens: the machine's user, or whom they named with `--as`. */
  readonly person: string
  readonly people: PeopleHere
  readonly provider: Provider | null
  readonly limits: SessionLimits
  readonly log: SignInLog
  /** Where sessions of the provider are kept; null where there is none. */
  readonly files: SessionFiles | null
  readonly now?: () => number
}

const hourMs = 3_600_000
/** Of a session that a link opened. */
const linkHours = 12

/** What somebody may do is asked at each request: what is taken from them in `upkeep.yaml` is gone at once. */
export function openAccess({ person, people, provider, limits, log, files, now = Date.now }: AccessInput): Access {
  const sessions = openSessions({
    lasting: {
      link: { idleMs: linkHours * hourMs, longestMs: linkHours * hourMs },
      provider: { idleMs: limits.idleMinutes * 60_000, longestMs: limits.hours * hourMs },
    },
    files,
    issuer: provider?.issuer ?? '',
    now,
  })

  function sessionOf(request: FastifyRequest, did: boolean): Session | null {
    const secret = cookieIn(request, sessionCookie)
    const session = secret === null ? null : sessions.find(secret, did)
    // What the owner of the machine opened is of this machine alone.
    return session?.by.how === 'link' && request.cameTo?.local !== true ? null : session
  }

  function whose({ by }: Session): { person: Pick<Person, 'id' | 'name'>; roles: Principal['roles'] } | null {
    const named = people()
    if (by.how === 'link') {
      const name = named?.find(({ id }) => id === person)?.name ?? person
      return { person: { id: person, name }, roles: rolesAtMachine(named, person) }
    }
    const found = personOf(by.identity, named ?? [])
    return found === null || found.agent === true ? null : { person: found, roles: found.roles }
  }

  function standing(request: FastifyRequest, did: boolean) {
    const session = sessionOf(request, did)
    const who = session === null ? null : whose(session)
    if (session === null || who === null) return null
    const { person: one, roles } = who
    const principal: Principal = { person: one.id, roles, operations: null, agent: false, by: 'session' }
    return { principal, session, name: one.name }
  }

  return {
    provider,
    ownerId: person,
    sessions,
    link: oneTimeLink(now),
    people,
    log,
    principalOf: (request, did) => standing(request, did)?.principal ?? null,
    standingOf: (request) => standing(request, false),
  }
}
