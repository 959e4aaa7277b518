import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'

/** An address that an entry names, as far as it is shown: its host, whether the way there is protected, and where it stands. */
export interface Address {
  host: string
  tls: boolean
  where: string
}

/** Every URL in an entry's address and arguments; of a hidden argument the part that is shown. */
export function addressesIn(server: Pick<DeclaredServer, 'url' | 'args'>): Address[] {
  const own = server.url === null ? [] : addressIn(server.url, 'url')
  const named = server.args.flatMap((arg, index) => addressIn(shownPart(arg), `argument ${index + 1}`))
  return [...own, ...named]
}

/** The text of a value that may be read: all of it, or what stands before what is hidden. */
export function shownPart(value: SafeValue): string {
  if (value.kind === 'empty') return ''
  return value.kind === 'hidden' ? (value.prefix ?? '') : value.text
}

const scheme = /(?:^|=)(https?|wss?):\/\/(\[[0-9a-f:.]{2,45}\]|[^/?#@\s:]{1,300})(?=[:/?#]|$)/i

function addressIn(text: string, where: string): Address[] {
  const found = scheme.exec(text)
  const host = found?.[2]?.toLowerCase()
  if (host === undefined) return []
  return [{ host, tls: found?.[1]?.toLowerCase().endsWith('s') ?? false, where }]
}

/** A host that is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
