import { networkInterfaces } from 'node:os'
import type { MachinePort } from '@upkeep/contract'

/** What this machine says of its own network. */
export function createMachinePort(): MachinePort {
  return {
    addresses() {
      const all = Object.values(networkInterfaces()).flatMap((one) => one ?? [])
      // A link-local address of IPv6 means nothing without its interface, which a URL cannot carry.
      const own = all.filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
      return own.map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address)).slice(0, 8)
    },
  }
}
