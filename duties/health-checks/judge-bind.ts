import type { FindingDraft, Seen } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import type { Judged } from './judge-liveness.ts'
import type { Rules } from './rules.ts'

type Found = Judged & { findings: FindingDraft<Rules>[]; notCovered: string[] }

/** A server whose address is a loopback one: nobody but this machine was meant to reach it. */
interface Local {
  url: string
  name: string
}

/** Where it listens, by the sockets that this machine lists and by trying its other addresses. Either is enough to find it open. */
export function judgeBind(listener: Seen<'listener'>, probes: Seen<'control-probes'>, server: Local): Found {
  const listed = bySockets(listener, server)
  const tried = byTrying(probes, server)
  if (listed.findings.length > 0) return listed
  if (tried.findings.length > 0) return tried
  // Sockets that cannot be listed are made up for by having tried.
  const madeUpFor = listener.state !== 'seen' && tried.passes.length > 0
  const passes = [...listed.passes, ...tried.passes]
  return madeUpFor ? { ...tried, passes } : { ...listed, passes }
}

function byTrying(probes: Seen<'control-probes'>, server: Local): Found {
  const nothing = { findings: [], passes: [], unknowns: [], notCovered: [] }
  const results = probes.state === 'seen' ? probes.facts.results : []
  const result = results.find(({ control }) => control === 'bind')
  if (result?.outcome === 'held') return { ...nothing, passes: [`bind: ${result.detail}`] }
  if (result?.outcome !== 'broken') return nothing
  const named = /^https?:\/\/[^/]+:(\d{1,5})(?=[/?]|$)/.exec(server.url)?.[1]
  const port = Number(named ?? (server.url.startsWith('https:') ? 443 : 80))
  const detail = result.detail
  return { ...nothing, findings: [finding(server, { port, addresses: [], detail })] }
}

function bySockets(listener: Seen<'listener'>, server: Local): Found {
  const nothing = { findings: [], passes: [], unknowns: [], notCovered: [] }
  if (listener.state === 'absent') return { ...nothing, notCovered: [`bind address: ${listener.reason}`] }
  if (listener.state === 'unavailable') return { ...nothing, unknowns: [`bind: ${listener.reason}`] }
  if (!isLoopbackUrl(server.url)) {
    return {
      ...nothing,
      notCovered: ['bind address: the address is not a loopback one, so a wider bind is what it asks for'],
    }
  }
  const { port, addresses } = listener.facts
  if (addresses.length === 0) return { ...nothing, unknowns: [`bind: nothing on this machine listens on port ${port}`] }
  const beyond = [...new Set(addresses.filter((one) => !one.loopback).map((one) => one.address))]
  if (beyond.length === 0) return { ...nothing, passes: [`bind: port ${port} listens on loopback only`] }
  return { ...nothing, findings: [finding(server, { port, addresses: beyond })] }
}

function finding(
  { name, url }: Local,
  facts: { port: number; addresses: string[]; detail?: string },
): FindingDraft<Rules> {
  const { port, addresses, detail } = facts
  const how = detail ?? `listens on ${addresses.join(', ')} port ${port}`
  return {
    rule: 'bound-beyond-loopback',
    facts: { url, ...facts },
    summary: `${name} is used at ${url} but ${how}: others on the network can reach it`,
    action: 'Bind it to 127.0.0.1, or block the port from outside; then run upkeep scan',
  }
}
