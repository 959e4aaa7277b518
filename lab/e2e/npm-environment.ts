import { homedir } from 'node:os'
import { join } from 'node:path'

/** What is not answered is asked again soon: a test waits no minute for one lost answer. */
const soon = {
  npm_config_fetch_timeout: '10000',
  npm_config_fetch_retries: '4',
  npm_config_fetch_retry_mintimeout: '500',
}

/** How this machine's npm reaches its registry: npm itself is run in another home. */
export function environmentForNpm(): Record<string, string> {
  const userconfig = process.env.npm_config_userconfig ?? join(homedir(), '.npmrc')
  const trusted = process.env.NODE_EXTRA_CA_CERTS
  return { ...soon, npm_config_userconfig: userconfig, ...(trusted !== undefined && { NODE_EXTRA_CA_CERTS: trusted }) }
}
