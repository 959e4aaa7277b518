import { canonicalJson } from '../canonical-json.ts'
import { GatewayEntry } from './gateway-entries.ts'

/** One call of a gateway's admin API. `path` comes behind its address. */
export interface GatewayCall {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body: string | null
}

const servers = '/api/servers/config'

/**
 * The one call that makes one entry of another, null being none. Refused where the API has no such call, or where the gateway would keep
 * something else than what it is given: so what comes back can be held against what was meant.
 */
export function gatewayCall(
  name: string,
  from: GatewayEntry | null,
  to: GatewayEntry | null,
): GatewayCall | { state: 'refused'; reason: string } {
  if (to === null) return { method: 'DELETE', path: `${servers}/${encodeURIComponent(name)}`, body: null }
  const reason = notKeptAs(name, to)
  if (reason !== null) return { state: 'refused', reason }
  if (from === null) return { method: 'POST', path: servers, body: JSON.stringify({ name, ...to }) }
  const [was, is] = [Object.keys(from).sort(), Object.keys(to).sort()]
  if (from.type !== to.type || canonicalJson(was) !== canonicalJson(is))
    return { state: 'refused', reason: 'its API cannot take a part of an entry away, nor make it of another kind' }
  const before: Readonly<Record<string, unknown>> = from
  const changed = Object.entries(to).filter(([key, value]) => canonicalJson(value) !== canonicalJson(before[key]))
  return {
    method: 'PUT',
    path: `${servers}/${encodeURIComponent(name)}`,
    body: JSON.stringify(Object.fromEntries(changed)),
  }
}

/** Why the gateway would keep an entry otherwise than it is given; null where it keeps it. */
function notKeptAs(name: string, entry: GatewayEntry): string | null {
  if (name !== name.toLowerCase().trim())
    return `it writes names small and without blanks around: ${name.slice(0, 100)}`
  if (entry.type !== 'http' || (plainUrl.test(entry.url) && !/\/\.{1,2}(?:\/|\?|$)/.test(entry.url))) return null
  return 'it would write the address of the server otherwise than it is given'
}

/** An address as the gateway writes it itself: the host small, no port that goes without saying, a path, and no slash behind it. */
const plainUrl =
  /^(?:http:\/\/(?!\S*?:80(?:\/|$))|https:\/\/(?!\S*?:443(?:\/|$)))(?:[a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\])(?::[1-9]\d{0,4})?\/(?:[\w.~!$&'()*+,;=:@%-]+(?:\/[\w.~!$&'()*+,;=:@%-]+)*)?(?:\?[\w.~!$&()*+,;=:@%/?-]*)?$/

/** What a gateway has of a server after a call, by what is known of its API; undefined where it would refuse. */
export function afterCall(entry: GatewayEntry | null, { method, body }: GatewayCall): GatewayEntry | null | undefined {
  if (method === 'DELETE') return entry === null ? undefined : null
  const given: unknown = JSON.parse(body ?? 'null')
  if (typeof given !== 'object' || given === null) return undefined
  if (method === 'POST') {
    const { name: _, ...rest } = { name: '', ...given }
    const made = GatewayEntry.safeParse(rest)
    return entry === null && made.success ? made.data : undefined
  }
  const made = GatewayEntry.safeParse({ ...entry, ...given })
  return entry !== null && made.success ? made.data : undefined
}
