import type { Facts, Observation } from '@upkeep/contract'
import { isBehind } from '../operations/blast-radius.ts'

/** A server that is bound to an integration by its declaration. */
export interface BoundServer {
  id: string
  declared: Facts<'declared-server'>
  integrations: Facts<'integrations'> | null
}

/** The servers that a word means: by name or id, or by the vendor or host that they are bound to. */
export function boundServers(seen: readonly Observation[], word: string): BoundServer[] {
  const bound = new Map(
    seen.flatMap((one) =>
      one.kind === 'integrations' && one.state === 'seen' ? [[one.subject.id, one.facts] as const] : [],
    ),
  )
  return seen.flatMap((one): BoundServer[] => {
    if (one.kind !== 'declared-server' || one.state !== 'seen') return []
    const { id, name } = one.subject
    const integrations = bound.get(id) ?? null
    const isMeant = name === word || id === word || (integrations !== null && isBehind(integrations, word))
    return isMeant ? [{ id, declared: one.facts, integrations }] : []
  })
}

/** What could not be read, so that nobody knows whether it names the integration. */
export function unreadFiles(seen: readonly Observation[]): string[] {
  return seen.flatMap((one) =>
    (one.kind === 'client-config' || one.kind === 'declared-server') && one.state === 'unavailable'
      ? [`${one.subject.name} could not be read, and may name it: ${one.reason}`]
      : [],
  )
}
