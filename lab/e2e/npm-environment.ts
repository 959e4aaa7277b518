import { homedir } from 'node:os'
import { join } from 'node:path'

/** How this machine's npm reaches its registry: npm itself is run in another home. */
export function environmentForNpm(): Record<string, string> {
  const userconfig = process.env.npm_config_userconfig ?? join(homedir(), '.npmrc')
  const trusted = process.env.NODE_EXTRA_CA_CERTS
  return { npm_config_userconfig: userconfig, ...(trusted !== undefined && { NODE_EXTRA_CA_CERTS: trusted }) }
}
