import type { HttpPort } from '@upkeep/contract'
import { authorizationServer } from './authorization-server.ts'
import { findProtection } from './find-protection.ts'
import { reasonOf } from './oauth-client.ts'

/** What became of a token that an issuer was asked to end. `reason`: why it was not taken; empty when it was. */
export interface Revocation {
  revoked: boolean
  reason: string
}

const bounds = { timeoutMs: 10_000, maxBytes: 65_536 }

/**
 * Asks the issuer of a server's tokens to end one (RFC 7009), at the address that its own metadata names. That it was taken is no proof: an
 * issuer answers the same to a token that it does not know. The token goes to no other address.
 */
export async function revokeToken(
  { url, token, clientId }: { url: string; token: string; clientId: string | null },
  http: HttpPort,
): Promise<Revocation> {
  try {
    const protection = await findProtection(url, http)
    const { revocation_endpoint: endpoint } = await authorizationServer(protection.issuer, url, http)
    if (endpoint === undefined)
      return { revoked: false, reason: 'its issuer offers no revocation (RFC 7009): end it where it was given out' }
    const form = new URLSearchParams({ token, token_type_hint: 'access_token' })
    if (clientId !== null) form.set('client_id', clientId)
    const body = form.toString()
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      accept: 'application/json',
    }
    const answer = await http.exchange({ ...bounds, url: endpoint, method: 'POST', headers, body })
    if (answer.state === 'unavailable') return { revoked: false, reason: answer.reason }
    if (answer.status === 200) return { revoked: true, reason: '' }
    return { revoked: false, reason: `its issuer answered HTTP ${answer.status}` }
  } catch (error) {
    return { revoked: false, reason: reasonOf(error) }
  }
}
