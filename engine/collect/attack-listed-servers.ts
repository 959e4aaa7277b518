import type { Facts, HttpPort, Observation, Ports, ProbeSubject, Settings, Subject } from '@upkeep/contract'
import type { AttackAtom } from '@upkeep/contract/attack-atom'
import { attackEndpoint, mayBeMadeInUse } from '@upkeep/domain/attacks/endpoint-attack'
import { attemptWithin, believeTwice } from './believe-twice.ts'
import { listedTargets } from './listed-target.ts'
import { wasAsked } from './may-run.ts'
import { paced, pauseFor } from './paced-requests.ts'
import { withoutTokens } from './without-tokens.ts'

/** What attacking listed endpoints takes. */
export interface AttackRound {
  atoms: readonly AttackAtom[]
  settings: Settings
  ports: Ports
  at: string
  signal: AbortSignal
  progress?: (what: string) => void
  /** What earlier rounds saw: it is handed on with its own day. */
  attacks: readonly Observation<'endpoint-attacks'>[]
}

type Attacks = Observation<'endpoint-attacks'>
type Result = Facts<'endpoint-attacks'>['results'][number]

const kind = 'endpoint-attacks'
const timeoutSeconds = 60

/**
 * Attacks the controls of each server whose owner listed it, where the round was asked to: only in ways that may be taken on a server in
 * use, one request at a time, once per endpoint. Of every other server it is said what is known from before, or why nothing is.
 */
export async function attackListedServers(
  round: AttackRound,
  servers: readonly { observation: Observation<'declared-server'> }[],
): Promise<Attacks[]> {
  const made = new Map<string, Facts<'endpoint-attacks'>>()
  const observations: Attacks[] = []
  for (const { subject, target } of listedTargets(round, servers)) {
    if (target.state !== 'listed') observations.push({ kind, subject, ...target })
    else if (!isAsked(round, subject)) observations.push(earlierAttacks(round, subject, target.shownUrl))
    else {
      const facts = made.get(target.reached.url) ?? (await attackOne(round, subject, target))
      made.set(target.reached.url, facts)
      observations.push({ kind, subject, state: 'seen', facts })
    }
  }
  return observations
}

function isAsked({ settings }: AttackRound, subject: Subject): boolean {
  return settings.proveControls === true && wasAsked(settings, subject)
}

function earlierAttacks({ attacks }: AttackRound, subject: Subject, shownUrl: string): Attacks {
  const earlier = attacks.find((one) => one.subject.id === subject.id)
  if (earlier?.state === 'seen' && earlier.facts.url === shownUrl) return earlier
  return { kind, subject, state: 'unavailable', code: 'not-consented', reason: 'its endpoint was not attacked yet' }
}

async function attackOne(
  round: AttackRound,
  subject: Subject,
  { reached, shownUrl }: { reached: ProbeSubject; shownUrl: string },
): Promise<Facts<'endpoint-attacks'>> {
  const http = paced(round.ports.http, pauseFor(reached.url), round.signal)
  const results: Result[] = []
  for (const atom of round.atoms.filter(mayBeMadeInUse)) {
    round.signal.throwIfAborted()
    round.progress?.(`Attacking ${subject.name}: ${atom.title}`)
    results.push(await attackOnce(atom, { http, reached, signal: round.signal }))
  }
  return { url: shownUrl, at: round.at, results }
}

async function attackOnce(
  atom: AttackAtom,
  { http, reached, signal }: { http: HttpPort; reached: ProbeSubject; signal: AbortSignal },
): Promise<Result> {
  const foreignAudience = tokenIn(reached.foreignAuthorization)
  const tokens = { own: tokenIn(reached.authorization), ...(foreignAudience === null ? {} : { foreignAudience }) }
  const { attempt, attempts } = await believeTwice(() =>
    attemptWithin(timeoutSeconds, signal, () => attackEndpoint(atom, http, { url: reached.url, tokens })),
  )
  const { owaspMcp, owaspAgentic, safeMcp } = atom.maps
  return {
    probe: `atom-${atom.id}`,
    version: atom.version,
    title: atom.title,
    tries: { kind: 'control', control: atom.guard },
    cites: [...owaspMcp, ...owaspAgentic, ...safeMcp],
    outcome: attempt.outcome,
    detail: withoutTokens(attempt.detail, reached),
    attempts,
    transcript: attempt.transcript.map(({ sent, received }) => ({
      sent: withoutTokens(sent, reached),
      received: withoutTokens(received, reached),
    })),
  }
}

function tokenIn(header: string | null | undefined): string | null {
  return header?.replace(/^Bearer /i, '') ?? null
}
