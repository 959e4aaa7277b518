import type { Facts, SecretsPort, Seen, Settings } from '@upkeep/contract'
import { findListed } from '@upkeep/domain/listed-endpoint'

export type EndpointChoice =
  | { state: 'chosen'; url: string; shownUrl: string; token: string | null }
  | Exclude<Seen<'endpoint'>, { state: 'seen' }>

/** Which address may be connected to for a declared server, with which token; or why none. */
export function chooseEndpoint(
  server: Facts<'declared-server'>,
  settings: Pick<Settings, 'probe' | 'connectToDeclared'>,
  secrets: SecretsPort,
): EndpointChoice {
  if (server.transport === 'stdio') {
    return { state: 'absent', reason: 'the client starts this server itself and talks to it over stdio' }
  }
  if (server.url === null) return unavailable('malformed', 'the entry has no address that can be read as a URL')
  const listed = findListed(server, settings.probe, secrets.fingerprint)
  if (listed === null) return unlisted(server, server.url, settings.connectToDeclared, secrets)
  const token = listed.token === undefined ? secrets.tokenFor(listed.url) : secrets.resolve(listed.token)
  if (listed.token !== undefined && token === null) {
    return unavailable(
      'not-configured',
      `the token reference ${listed.token.split(':')[0]}: in upkeep.yaml leads nowhere`,
    )
  }
  return { state: 'chosen', url: listed.url, shownUrl: server.url, token }
}

function unlisted(
  server: Facts<'declared-server'>,
  url: string,
  connectToDeclared: boolean,
  secrets: SecretsPort,
): EndpointChoice {
  if (!connectToDeclared) {
    return unavailable('not-consented', 'not connected to: list it under probe in upkeep.yaml, or scan with --probe')
  }
  if (server.urlSecrets.length > 0 || url.includes('***') || url.includes('$')) {
    return unavailable(
      'not-supported',
      'its address has parts that are not kept, so --probe cannot connect to it: list it under probe in upkeep.yaml',
    )
  }
  return { state: 'chosen', url, shownUrl: url, token: secrets.tokenFor(url) }
}

function unavailable(
  code: 'malformed' | 'not-consented' | 'not-configured' | 'not-supported',
  reason: string,
): EndpointChoice {
  return { state: 'unavailable', code, reason }
}
