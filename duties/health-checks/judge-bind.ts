import type { FindingDraft, Seen } from '@upkeep/contract'
import { isLoopbackUrl } from './judge-controls.ts'
import type { Judged } from './judge-liveness.ts'
import type { Rules } from './rules.ts'

/** Where a server listens whose address is a loopback one: nobody but this machine was meant to reach it. */
export function judgeBind(
  listener: Seen<'listener'>,
  url: string,
  name: string,
): Judged & { findings: FindingDraft<Rules>[]; notCovered: string[] } {
  const nothing = { findings: [], passes: [], unknowns: [], notCovered: [] }
  if (listener.state === 'absent') return { ...nothing, notCovered: [`bind address: ${listener.reason}`] }
  if (listener.state === 'unavailable') return { ...nothing, unknowns: [`bind: ${listener.reason}`] }
  if (!isLoopbackUrl(url)) {
    return {
      ...nothing,
      notCovered: ['bind address: the address is not a loopback one, so a wider bind is what it asks for'],
    }
  }
  const { port, addresses } = listener.facts
  if (addresses.length === 0) return { ...nothing, unknowns: [`bind: nothing on this machine listens on port ${port}`] }
  const beyond = [...new Set(addresses.filter((one) => !one.loopback).map((one) => one.address))]
  if (beyond.length === 0) return { ...nothing, passes: [`bind: port ${port} listens on loopback only`] }
  return {
    ...nothing,
    findings: [
      {
        rule: 'bound-beyond-loopback',
        facts: { url, port, addresses: beyond },
        summary: `${name} is used at ${url} but listens on ${beyond.join(', ')} port ${port}: others on the network can reach it`,
        action: 'Bind it to 127.0.0.1, or block the port from outside; then run upkeep scan',
      },
    ],
  }
}
