import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Addresses that are not of the open internet: this machine, its networks, cloud metadata, and what nobody routes. */
const inner = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inner.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inner.addSubnet(net, prefix, 'ipv6')

/** Whether an address is of the open internet. A name is not judged here: `publicLookup` does when it is looked up. */
export function isInnerAddress(host: string): boolean {
  const family = isIP(host)
  return family !== 0 && inner.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/** Looks a name up for one connection, and refuses it where any of its addresses is inside: what was checked is what is connected to. */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '')
    const blocked = found.some(({ address }) => isInnerAddress(address))
    const [first] = found
    if (blocked || first === undefined) return done(Object.assign(new Error('inner address'), { code: 'EACCES' }), '')
    return options.all === true ? done(null, found) : done(null, first.address, first.family)
  })
}
