import type { FleetHistory, GivenCredential, Sight } from '@upkeep/contract/observations/fleet-history'
import type { Subject } from '@upkeep/contract/subject'
import { knownDistribution } from '../versions/distribution.ts'
import type { FleetLook, ServerLook } from './fleet-look.ts'

type Packages = FleetHistory['packages']
type Remembered = Omit<FleetHistory, 'known'>

/** What is remembered before there is anything to remember. */
export const nothingRemembered: Remembered = { since: null, packages: [], leftOut: [] }

const maxSights = 50_000
const maxCredentials = 50

/**
 * Adds one look to what is remembered. What the look shows stays or begins; what it looked for and does not show was last seen by
 * the look before it, at `previousAt`, and is gone by this one. What it could not look at stays as it was: not seen is not gone.
 */
export function extendHistory(history: Remembered, look: FleetLook, previousAt: string | null): Remembered {
  const byPackage = new Map(
    history.packages.map((one) => [
      keyOf(one),
      { ...one, sights: new Map(one.sights.map((sight) => [sight.server.id, sight])) },
    ]),
  )
  const shown = new Set<string>()
  for (const server of look.servers.values()) {
    for (const part of server.parts) {
      const { ecosystem, name } = fromKey(part.package)
      const key = keyOf({ ecosystem, name, version: part.version })
      const entry = byPackage.get(key) ?? { ecosystem, name, version: part.version, sights: new Map<string, Sight>() }
      entry.sights.set(server.server.id, seenAgain(entry.sights.get(server.server.id), server, look.at))
      byPackage.set(key, entry)
      shown.add(`${key} ${server.server.id}`)
    }
  }
  for (const [key, entry] of byPackage) {
    for (const [id, sight] of entry.sights) {
      if (sight.lastSeenAt !== null || shown.has(`${key} ${id}`) || !look.lookedFor(id)) continue
      entry.sights.set(id, { ...sight, lastSeenAt: previousAt ?? look.at, goneBy: look.at })
    }
  }
  const packages = [...byPackage.values()].map((one) => ({ ...one, sights: inOrder([...one.sights.values()]) }))
  return bounded({ since: history.since ?? look.at, packages: sorted(packages), leftOut: history.leftOut })
}

function seenAgain(before: Sight | undefined, { server, credentials }: ServerLook, at: string): Sight {
  return {
    server: subjectOnly(server),
    firstSeenAt: before?.firstSeenAt ?? at,
    lastSeenAt: null,
    credentials: distinct([...(before?.credentials ?? []), ...credentials]),
  }
}

function subjectOnly({ kind, id, name }: Subject): Subject {
  return { kind, id, name }
}

function distinct(credentials: readonly GivenCredential[]): GivenCredential[] {
  const byText = new Map(credentials.map((one) => [`${one.where} ${one.kind}`, one]))
  const found = [...byText].sort(([a], [b]) => (a < b ? -1 : 1))
  return found.slice(0, maxCredentials).map(([, { where, kind }]) => ({ where, kind }))
}

function keyOf({ ecosystem, name, version }: { ecosystem: string; name: string; version: string | null }): string {
  return `${ecosystem}:${name}@${version ?? ''}`
}

/** A release of a distribution has colons in its own name, its packages have none. */
function fromKey(key: string): { ecosystem: string; name: string } {
  const last = key.lastIndexOf(':')
  const at = knownDistribution(key.slice(0, last)) === null ? key.indexOf(':') : last
  return { ecosystem: key.slice(0, at), name: key.slice(at + 1) }
}

function sorted(packages: Packages): Packages {
  return packages.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function inOrder(sights: Sight[]): Sight[] {
  return sights.sort((a, b) => (a.server.id < b.server.id ? -1 : 1))
}

/** What ended longest ago is forgotten first, and that is said. */
function bounded(history: Remembered): Remembered {
  const all = history.packages.flatMap((one) => one.sights)
  if (all.length <= maxSights) return history
  const newest =
    all
      .map((sight) => sight.lastSeenAt ?? '~')
      .sort()
      .reverse()[maxSights - 1] ?? '~'
  const kept = history.packages.flatMap((one) => {
    const sights = one.sights.filter((sight) => (sight.lastSeenAt ?? '~') >= newest)
    return sights.length === 0 ? [] : [{ ...one, sights }]
  })
  const left = `more than ${maxSights} were to be remembered: those that ended longest ago are forgotten`
  return { ...history, packages: cut(kept), leftOut: [...new Set([...history.leftOut, left])] }
}

function cut(packages: Packages): Packages {
  let room = maxSights
  return packages.flatMap((one) => {
    const sights = one.sights.slice(0, room)
    room -= sights.length
    return sights.length === 0 ? [] : [{ ...one, sights }]
  })
}
