import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import type { HttpPort } from '@upkeep/contract'
import * as oauth from 'openid-client'
import { authorizationServer } from './authorization-server.ts'
import type { KeptLogins } from './kept-logins.ts'
import { after } from './log-in.ts'
import type { LoginRecord, LoginSecrets } from './login-record.ts'
import { oauthClient, reasonOf, tokensIn } from './oauth-client.ts'

/** A token that ends while it is in use is of no use. */
const aheadMs = 5 * 60_000
/** A refresh takes seconds: a mark older than this was left by a process that was killed. */
const staleMs = 120_000

interface Refreshing {
  logins: KeptLogins
  http: HttpPort
  now(): string
  /** Whether this round will talk to the server at all: for any other nobody is asked. */
  concerns(url: string): boolean
}

/** Refreshes the tokens that are at their end. A failure is noted with the login, and stops nothing. */
export async function refreshLogins(round: Refreshing): Promise<void> {
  for (const login of round.logins.list()) {
    if (!login.refreshable || !isAtItsEnd(login, round.now()) || !round.concerns(login.url)) continue
    const release = marked(round.logins.lockOf(login))
    if (release === null) continue
    try {
      // Somebody else may have refreshed it while we came here: a refresh token is good for one time only.
      const still = round.logins.find(login.url)
      if (still !== null && isAtItsEnd(still, round.now())) await refresh(still, round)
    } finally {
      release()
    }
  }
}

function isAtItsEnd({ expiresAt }: LoginRecord, now: string): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - Date.parse(now) < aheadMs
}

async function refresh(login: LoginRecord, round: Refreshing): Promise<void> {
  const { logins } = round
  const secrets = logins.secretsOf(login)
  const at = round.now()
  const fails = (reason: string) => logins.note({ ...login, lastRefresh: { at, outcome: 'failed', reason } })
  if (secrets?.refreshToken == null) return fails('its refresh token cannot be read back')
  try {
    const tokens = await renewed(login, secrets, secrets.refreshToken, round.http)
    const { accessToken, expiresInSeconds } = tokens
    const refreshToken = tokens.refreshToken ?? secrets.refreshToken
    const { kept: _, sealed: __, version: ___, ...rest } = login
    const expiresAt = after(at, expiresInSeconds)
    const lastRefresh = { at, outcome: 'refreshed' as const, reason: '' }
    logins.keep({ ...rest, expiresAt, lastRefresh }, { ...secrets, accessToken, refreshToken })
  } catch (error) {
    fails(reasonOf(error))
  }
}

async function renewed(login: LoginRecord, secrets: LoginSecrets, refreshToken: string, http: HttpPort) {
  const server = await authorizationServer(login.issuer, login.url, http)
  const config = oauthClient(server, { ...login, clientSecret: secrets.clientSecret }, http)
  return tokensIn(await oauth.refreshTokenGrant(config, refreshToken, { resource: login.resource }))
}

/** A file that only one process can make. Null where another one has it. */
function marked(path: string): (() => void) | null {
  for (const attempt of [1, 2]) {
    try {
      closeSync(openSync(path, 'wx', 0o600))
      return () => rmSync(path, { force: true })
    } catch {
      if (attempt === 2 || !isStale(path)) return null
      rmSync(path, { force: true })
    }
  }
  return null
}

function isStale(path: string): boolean {
  const facts = statSync(path, { throwIfNoEntry: false })
  return facts !== undefined && Date.now() - facts.mtimeMs > staleMs
}
