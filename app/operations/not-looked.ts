import type { Observation } from '@upkeep/contract'

/** Files and gateways that could not be looked at, and so may have more servers than were seen: one line each, for who switches something off. */
export function notLooked(seen: readonly Observation[]): string[] {
  return seen.flatMap((one) => {
    if (one.kind !== 'client-config' || one.state !== 'unavailable') return []
    const path = one.subject.id.replace(/^file:/, '')
    const what = /^https?:/.test(path) ? `the gateway ${path} could not be asked` : `${path} could not be read`
    return [`${what} (${one.reason}): what it has is untouched`.slice(0, 1_000)]
  })
}
