import type { IssuerMetadata } from '@upkeep/contract/observations/api-metadata'
import type { HttpResponse, Refusal } from '@upkeep/contract/ports'
import { isLoopbackUrl } from '../loopback-url.ts'
import { recordIn, textsIn } from './read-document.ts'

type Suffix = 'oauth-protected-resource' | 'oauth-authorization-server' | 'openid-configuration'

/** Where metadata of an address lies: the well-known part before its path (RFC 8414, RFC 9728), and for OpenID after it too. */
export function wellKnownOf(suffix: Suffix, address: string): string[] {
  const parts = /^(https?:\/\/[^/?#]{1,500})([^?#]{0,2000})/.exec(address)
  if (parts === null) return []
  const [, origin = '', path = ''] = parts
  const own = path.replace(/\/$/, '')
  const inserted = `${origin}/.well-known/${suffix}${own}`
  if (suffix === 'openid-configuration' && own !== '') return [inserted, `${origin}${own}/.well-known/${suffix}`]
  return suffix === 'oauth-protected-resource' && own !== ''
    ? [inserted, `${origin}/.well-known/${suffix}`]
    : [inserted]
}

/** What the answers of an authorization server come to. A server that answered and had no document publishes none. */
export function readIssuer(
  issuer: string,
  answers: readonly (HttpResponse | Refusal)[] | 'not-listed',
): IssuerMetadata {
  const nothing = {
    issuer: issuer.slice(0, 500).toWellFormed(),
    issuerEquals: false,
    endpointsHttps: false,
    pkceMethods: [],
    issParameter: false,
    clientIdDocuments: false,
    registrationEndpoint: false,
  }
  if (answers === 'not-listed') {
    return { ...nothing, state: 'not-read', why: 'it is on another host, which is not listed under "issuers"' }
  }
  const document = answers.map(recordIn).find((one) => one !== null)
  if (document !== undefined) return { ...nothing, ...factsOf(issuer, document), state: 'read', why: '' }
  const missing = answers.some((one) => one.state === 'answered' && one.status < 500)
  const why = missing ? 'it publishes no metadata' : 'it gave no usable answer'
  return { ...nothing, state: missing ? 'missing' : 'not-read', why }
}

function factsOf(issuer: string, document: Readonly<Record<string, unknown>>) {
  const endpoints = ['authorization_endpoint', 'token_endpoint', 'registration_endpoint'].flatMap((name) => {
    const value = document[name]
    return typeof value === 'string' ? [value] : []
  })
  return {
    issuerEquals: document.issuer === issuer,
    endpointsHttps: endpoints.length > 0 && endpoints.every((url) => isProtected(url, issuer)),
    pkceMethods: textsIn(document.code_challenge_methods_supported),
    issParameter: document.authorization_response_iss_parameter_supported === true,
    clientIdDocuments: document.client_id_metadata_document_supported === true,
    registrationEndpoint: typeof document.registration_endpoint === 'string',
  }
}

/** Without TLS only from this machine to itself. What another machine calls loopback is no place of its own. */
function isProtected(url: string, issuer: string): boolean {
  return isLoopbackUrl(url) ? isLoopbackUrl(issuer) : url.startsWith('https://')
}
