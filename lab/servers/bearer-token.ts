import { createHmac, timingSafeEqual } from 'node:crypto'

interface Claims {
  aud: string
  exp: number
}

/** A signed token (JWT, HS256) for one audience, as a practice authorization server would issue it. */
export function issueToken(secret: string, audience: string, lifeSeconds = 3_600): string {
  const claims: Claims = { aud: audience, exp: Math.floor(Date.now() / 1_000) + lifeSeconds }
  const unsigned = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${unsigned}.${signatureOf(secret, unsigned)}`
}

/** Whether a token is ours, still good and, when an audience is asked for, meant for it. */
export function tokenHolds(secret: string, token: string, audience: string | null): boolean {
  const [head, body, signature, ...rest] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return false
  const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(secret, `${head}.${body}`))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return false
  const claims: Claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
  return claims.exp > Date.now() / 1_000 && (audience === null || claims.aud === audience)
}

/** The token of an `authorization` header; empty when there is none. */
export function bearerOf(header: string | undefined): string {
  return /^Bearer ([\x21-\x7e]{1,4000})$/i.exec(header ?? '')?.[1] ?? ''
}

function signatureOf(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}
