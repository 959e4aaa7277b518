import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerOf, tokenHolds } from '../servers/bearer-token.ts'
import type { Stands } from './guards.ts'

/** What the door of the practice target knows. */
export interface Door {
  stands: Stands
  secret: string
  url: string
}

const largest = 1 << 20
const versions = ['2025-06-18', '2025-11-25']

/** The status with which a request is refused before anybody reads it; null lets it in. The order is the point: each guard is asked for itself. */
export function refusalAtDoor(request: IncomingMessage, door: Door): number | null {
  const { headers, method } = request
  const own = new URL(door.url)
  if (door.stands('host') && headers.host !== own.host) return 421
  if (method === 'OPTIONS') return null
  if (door.stands('origin') && headers.origin !== undefined && headers.origin !== own.origin) return 403
  return refusalOfToken(request, door) ?? refusalOfForm(request, door)
}

function refusalOfToken({ headers, url }: IncomingMessage, door: Door): number | null {
  const given = bearerOf(headers.authorization)
  const inAddress = new URL(url ?? '/', door.url).searchParams.has('access_token')
  if (inAddress) return door.stands('token-place') ? 400 : null
  if (given === '') return door.stands('authentication') ? 401 : null
  const reason = faultOf(given, door)
  return reason !== null && door.stands(reason) ? 401 : null
}

function refusalOfForm({ headers, method }: IncomingMessage, { stands }: Door): number | null {
  if (stands('content-type') && method === 'POST' && headers['content-type'] !== 'application/json') return 415
  const version = headers['mcp-protocol-version']
  return stands('protocol-version') && version !== undefined && !versions.includes(String(version)) ? 400 : null
}

/** Whose token it is: somebody else's says so in its audience, all others are the owner's. */
export function ownerOf({ headers }: IncomingMessage): 'owner' | 'other' {
  return claimsOf(bearerOf(headers.authorization)).aud.endsWith('#other') ? 'other' : 'owner'
}

/** Which of its own guards a token would be caught by. */
function faultOf(token: string, { secret, url }: Door): 'token-audience' | 'token-expiry' | 'authentication' | null {
  if (tokenHolds(secret, token, url)) return null
  const claims = claimsOf(token)
  if (claims.exp <= Date.now() / 1_000) return 'token-expiry'
  return claims.aud !== url && claims.aud !== `${url}#other` ? 'token-audience' : null
}

/** The body of a request; null where it is larger than may be. */
export async function boundedBody(request: IncomingMessage, stands: Stands): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (stands('body-size') && size > largest) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What a page elsewhere is told that it may read. */
export function preflight(response: ServerResponse, stands: Stands): void {
  response.writeHead(204, stands('cross-origin-reading') ? {} : { 'access-control-allow-origin': '*' }).end()
}

function claimsOf(token: string): { aud: string; exp: number } {
  const part = token.split('.')[1]
  return part === undefined ? { aud: '', exp: 0 } : JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
}
