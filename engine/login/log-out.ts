import type { HttpPort } from '@upkeep/contract'
import * as oauth from 'openid-client'
import { authorizationServer } from './authorization-server.ts'
import type { KeptLogins } from './kept-logins.ts'
import type { LoginRecord } from './login-record.ts'
import { oauthClient, reasonOf } from './oauth-client.ts'

/** What became of a login that was given back. `reason`: why it was not revoked; empty when it was. */
export interface LogOut {
  revoked: boolean
  reason: string
}

/** Forgets a login here, whatever its authorization server says to it; and asks that one to end it (RFC 7009). */
export async function logOut(login: LoginRecord, logins: KeptLogins, http: HttpPort): Promise<LogOut> {
  const secrets = logins.secretsOf(login)
  logins.forget(login)
  if (secrets === null) return { revoked: false, reason: 'its token could not be read back' }
  try {
    const server = await authorizationServer(login.issuer, login.url, http)
    if (server.revocation_endpoint === undefined) {
      return { revoked: false, reason: 'its authorization server takes nothing back: the token ends by itself' }
    }
    const config = oauthClient(server, { ...login, clientSecret: secrets.clientSecret }, http)
    for (const token of [secrets.refreshToken, secrets.accessToken]) {
      if (token !== null) await oauth.tokenRevocation(config, token)
    }
    return { revoked: true, reason: '' }
  } catch (error) {
    return { revoked: false, reason: reasonOf(error) }
  }
}
