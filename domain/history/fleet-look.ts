import type { Observation } from '@upkeep/contract'
import type { GivenCredential } from '@upkeep/contract/observations/fleet-history'
import type { Subject } from '@upkeep/contract/subject'
import { type ObservedPart, observedParts } from '../observed-parts.ts'

/** What one pass of looking shows of the packages of the fleet. */
export interface FleetLook {
  at: string
  servers: ReadonlyMap<string, ServerLook>
  /** True where what is not seen of a server is known to be gone: its packages were read, or its entry is. */
  lookedFor(serverId: string): boolean
}

/** The packages of one server in one look, and what it was given. */
export interface ServerLook {
  server: Subject
  parts: ObservedPart[]
  credentials: GivenCredential[]
}

/** Reads a look off the observations of one round. */
export function fleetLook(at: string, observations: readonly Observation[]): FleetLook {
  const servers = new Map<string, ServerLook>()
  const whole = new Set<string>()
  const files = new Map<string, boolean>()
  for (const observation of observations) {
    const { subject } = observation
    if (observation.kind === 'client-config') files.set(subject.id, observation.state !== 'unavailable')
    if (observation.kind === 'resolved-package' && wasReadWhole(observation)) whole.add(subject.id)
    const observed = observedParts(observation)
    if (observed === null || observation.state !== 'seen') continue
    const look = servers.get(subject.id) ?? { server: subject, parts: [], credentials: [] }
    look.parts.push(...observed.parts)
    if (observation.kind === 'declared-server') look.credentials.push(...credentialsOf(observation.facts))
    servers.set(subject.id, look)
  }
  return { at, servers, lookedFor: (id) => (servers.has(id) ? whole.has(id) : fileWasRead(id, files)) }
}

/** Of what could not be read nothing is gone: a part that is not shown may be in it. */
function wasReadWhole(resolved: Observation<'resolved-package'>): boolean {
  if (resolved.state !== 'seen') return resolved.state === 'absent'
  return resolved.facts.installed.every((copy) => copy.problems.length === 0)
}

/** A server that is not declared is gone only when the file that declared it was read or is not there. */
function fileWasRead(serverId: string, files: ReadonlyMap<string, boolean>): boolean {
  const path = /^server:[a-z-]+:(.*)#/s.exec(serverId)?.[1]
  return path !== undefined && files.get(`file:${path}`) === true
}

type Declared = Extract<Observation<'declared-server'>, { state: 'seen' }>['facts']

const plain = 'none'

/** Where the entry holds something that looks like a secret or refers to one, and of what kind. */
function credentialsOf({ env, headers, args, urlSecrets }: Declared): GivenCredential[] {
  const places = [
    ...Object.entries(env).map(([name, value]) => ({ where: `env ${name}`, value })),
    ...Object.entries(headers).map(([name, value]) => ({ where: `header ${name}`, value })),
    ...args.map((value, index) => ({ where: `argument ${index + 1}`, value })),
    ...urlSecrets.map(({ where, value }) => ({ where: `URL ${where}`, value })),
  ]
  return places.flatMap(({ where, value }) => {
    if (value.kind === 'reference') return [{ where, kind: 'reference' }]
    if (value.kind !== 'hidden' || value.secret === plain) return []
    return [{ where, kind: value.secret }]
  })
}
