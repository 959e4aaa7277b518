import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'

/** An address that an entry names, as far as it is shown: its host, whether it says that the way there is not protected, and where it stands. */
export interface Address {
  host: string
  tls: boolean
  where: string
}

/** Every address in an entry's URL and arguments, those of databases among them; of a hidden argument the part that is shown. */
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

const stores =
  'postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|mongodb(?:\\+srv)?|rediss?|amqps?|nats|clickhouses?|neo4j(?:\\+s{1,3}c?)?|bolt(?:\\+s{1,3}c?)?|ldaps?|ftps?|sftp|smtps?|imaps?|ssh|libsql|mqtts?|grpcs?|tcp'
const scheme = new RegExp(
  `(?:^|=)(?:jdbc:)?(https?|wss?|${stores})://(\\[[0-9a-f:.]{2,45}\\]|[^/?#@\\s:,]{1,300})(?=[:/?#,]|$)`,
  'i',
)
/** These say by their name that the way is not protected. A database's address says neither: the two sides agree on it. */
const unprotected = /^(?:http|ws|redis|amqp|ldap|ftp|smtp|imap|mqtt)$/i

function addressIn(text: string, where: string): Address[] {
  const found = scheme.exec(text)
  const host = found?.[2]?.toLowerCase()
  if (host === undefined) return []
  const name = found?.[1] ?? ''
  return [{ host, tls: !unprotected.test(name), where }]
}

/** A host that is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
