import type { Integrations } from '@upkeep/contract/observations/integrations'

/** Whether an address that a server reaches is one that its declaration names. `cannot-tell`: it names hosts, and names are not looked up. */
export type Known = 'declared' | 'undeclared' | 'cannot-tell'

/** An address with its port, as `192.0.2.1:443` or `[2001:db8::1]:443`. */
export function judgeDestination(
  address: string,
  { destinations, onThisMachine = [] }: Pick<Integrations, 'destinations' | 'onThisMachine'>,
): Known {
  const host = hostOf(address)
  if (isHere(host)) {
    // Name servers of this machine are asked for what is declared elsewhere.
    if (address.endsWith(':53')) return destinations.length === 0 ? 'undeclared' : 'cannot-tell'
    return onThisMachine.length > 0 ? 'declared' : 'undeclared'
  }
  const hosts = destinations.flatMap((one) => (one.host === null ? [] : [plain(one.host)]))
  if (hosts.includes(host)) return 'declared'
  const named = hosts.some((one) => !isAddress(one)) || destinations.some((one) => one.host === null)
  return named ? 'cannot-tell' : 'undeclared'
}

/** The host of an address with its port, without brackets; an IPv4 address in its IPv6 form as IPv4. */
function hostOf(address: string): string {
  return plain(address.slice(0, address.lastIndexOf(':')))
}

/** Whether an address is one of the loopback. */
function isHere(host: string): boolean {
  return host === '::1' || host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function plain(host: string): string {
  return host
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d{1,3}\.)/i, '')
    .toLowerCase()
}

function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':')
}
