import type { Seen } from '@upkeep/contract/observation'
import type { ApiMetadata, IssuerMetadata } from '@upkeep/contract/observations/api-metadata'

/** One thing that a server publishes of its protection, and that is other than it was. */
export interface MetadataChange {
  what: string
  from: string
  to: string
}

/** What is published otherwise than before. Nothing where one of both could not be read: that is told elsewhere. */
export function compareMetadata(before: Seen<'api-metadata'>, now: Seen<'api-metadata'>): MetadataChange[] {
  if (before.state !== 'seen' || now.state !== 'seen') return []
  const [was, is] = [factsOf(before.facts), factsOf(now.facts)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return names.flatMap((what) => {
    const [from, to] = [was.get(what) ?? 'not published', is.get(what) ?? 'not published']
    return from === to ? [] : [{ what, from, to }]
  })
}

function factsOf({ status, resource, issuers }: ApiMetadata): Map<string, string> {
  return new Map([
    ['answer without a token', `HTTP ${status}`],
    ['resource metadata', resource === null ? 'not published' : 'published'],
    ['authorization servers', resource?.authorizationServers.toSorted().join(', ') || 'none named'],
    ...issuers.filter(({ state }) => state === 'read').flatMap(ofIssuer),
  ])
}

function ofIssuer(one: IssuerMetadata): [string, string][] {
  const yes = (holds: boolean) => (holds ? 'yes' : 'no')
  return [
    [`${one.issuer}: PKCE methods`, one.pkceMethods.toSorted().join(', ') || 'none stated'],
    [`${one.issuer}: sends iss`, yes(one.issParameter)],
    [`${one.issuer}: Client ID Metadata Documents`, yes(one.clientIdDocuments)],
    [`${one.issuer}: dynamic registration`, yes(one.registrationEndpoint)],
    [`${one.issuer}: all endpoints https`, yes(one.endpointsHttps)],
  ]
}
