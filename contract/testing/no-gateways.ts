import type { GatewaysPort } from '../ports.ts'

/** A world in which no gateway is listed. */
export const noGateways: GatewaysPort = {
  read: async () => ({ state: 'unavailable', code: 'not-configured', reason: 'upkeep.yaml does not list it' }),
}
