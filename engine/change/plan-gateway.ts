import type { ChangeInput } from '@upkeep/contract/change'
import type { EntryEffectPlanned, EntryState } from '@upkeep/contract/change-plan'
import type { Ports, Refusal } from '@upkeep/contract/ports'
import type { FileEffect } from '@upkeep/contract/remediation'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { afterCall, gatewayCall } from '@upkeep/domain/gateways/gateway-calls'
import { documentOf, entriesIn, type GatewayEntry, type GatewayServers } from '@upkeep/domain/gateways/gateway-entries'
import { gatewayAt } from '@upkeep/domain/gateways/gateway-place'
import { printable } from '@upkeep/domain/printable'
import { serversOf } from '../ports/gateways.ts'

/** A gateway while changes of it are worked out: what it has, and the text of its servers as the changes so far would leave it. */
export interface GatewayDraft {
  readonly servers: GatewayServers
  text: string
  /** What of each server is shown for a reader. */
  readonly shown: Map<string, string[]>
}

/** An entry of a gateway before and after, null where there is none. They may hold secrets. */
export interface WorkedEntry {
  readonly effect: EntryEffectPlanned
  readonly before: GatewayEntry | null
  readonly after: GatewayEntry | null
}

/** Asks the gateways whose servers are to be changed what they have. */
export async function askedGateways(
  inputs: readonly ChangeInput[],
  ports: Ports,
): Promise<{ state: 'asked'; drafts: Map<string, GatewayDraft> } | (Refusal & { address: string })> {
  const drafts = new Map<string, GatewayDraft>()
  const paths = new Set(inputs.flatMap((input) => ('server' in input ? [input.path] : [])))
  for (const address of paths) {
    if (!/^https?:/.test(address) || gatewayAt(ports.places.list(), address) === null) continue
    const servers = await serversOf(address, ports)
    if ('state' in servers) return { ...servers, address }
    drafts.set(address, { servers, text: documentOf(servers), shown: new Map() })
  }
  return { state: 'asked', drafts }
}

/** Takes what one input would write into the text of a gateway's servers; a text says why that is nothing that it can be given. */
export function takeInGateway(draft: GatewayDraft, effect: FileEffect, server: string): string | null {
  if (effect.to === 'absent' || effect.to.text === undefined || effect.to.mode !== undefined)
    return 'a gateway has servers, and no file that could be written'
  draft.text = effect.to.text
  draft.shown.set(server, [...(draft.shown.get(server) ?? []), ...effect.shown])
  return null
}

const maxShown = 400

/** The entries that differ once all is worked out, each with the one call that there is for it and the one back. */
export function workedEntries(
  address: string,
  { servers, text, shown }: GatewayDraft,
  fingerprint: (text: string) => string,
): readonly WorkedEntry[] | string {
  const after = entriesIn(text)
  if (after === null) return 'its API does not take what it would be given'
  const worked: WorkedEntry[] = []
  for (const name of new Set([...servers.entries.keys(), ...after.keys()])) {
    const [was, is] = [servers.entries.get(name) ?? null, after.get(name) ?? null]
    if (canonicalJson(was) === canonicalJson(is)) continue
    const wrong = wayTo(name, was, is)
    if (wrong !== null) return wrong
    const lines = (shown.get(name) ?? []).slice(0, maxShown)
    worked.push({
      before: was,
      after: is,
      effect: {
        kind: 'gateway-entry',
        path: `${address}#${name}`,
        address,
        server: name,
        before: entryState(was, fingerprint),
        after: entryState(is, fingerprint),
        shown: lines.map((line) => printable(line, { maxLength: 1_900 })),
      },
    })
  }
  return worked
}

/** Why one entry cannot be made of another, walked through what is known of the gateway's API; null where it can. */
function wayTo(name: string, from: GatewayEntry | null, to: GatewayEntry | null): string | null {
  const call = gatewayCall(name, from, to)
  if ('state' in call) return call.reason
  const made = afterCall(from, call)
  const isMeant = made !== undefined && canonicalJson(made) === canonicalJson(to)
  return isMeant ? null : 'its API has no call for it'
}

/** What an entry is, as a plan and a journal say it. */
export function entryState(entry: GatewayEntry | null, fingerprint: (text: string) => string): EntryState {
  return entry === null
    ? { state: 'absent' }
    : { state: 'entry', fingerprint: fingerprint(`gateway-entry ${canonicalJson(entry)}`) }
}

const held =
  'the gateway cannot hold others off: what somebody else writes there between our looking and our writing is lost'
const atOnce = 'the gateway ends the old process itself, and starts the new one: sessions over it are ended'

/** What has to be known of a change of gateways. */
export function gatewayLimits(worked: readonly WorkedEntry[]): string[] {
  return worked.length === 0 ? [] : [held, atOnce]
}

/** What the way back does not bring. */
export function notGivenBack({ besides }: GatewayServers, worked: readonly WorkedEntry[]): string[] {
  return worked.flatMap(({ effect: { server }, before, after }) => {
    const wrong = wayTo(server, after, before)
    const keys = after === null ? (besides.get(server) ?? []) : []
    const named = keys.map((key) => printable(key, { maxLength: 40 })).join(', ')
    return [
      ...(wrong === null ? [] : [`${server} has to be put back in the gateway by hand: ${wrong}`]),
      ...(keys.length === 0 ? [] : [`the gateway tells more of ${server} than its API takes back: ${named}`]),
    ]
  })
}
