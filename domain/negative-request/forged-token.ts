import { utf8ToBytes } from '@noble/hashes/utils.js'
import { utf8Text } from '../archives/byte-text.ts'
import { fromBase64, toBase64 } from '../base64.ts'
import { isRecord } from '../is-record.ts'

/** A token that nobody issued, made out of one that was: whoever takes it does not check signatures. */
export interface ForgedToken {
  token: string
  called: string
}

/**
 * Forgeries of a JWT: its audience changed under the old signature, and the same claims without any signature. Empty for a token that is
 * no JWT: its text says nothing about whom it is for.
 */
export function forgeriesOf(token: string): ForgedToken[] {
  const [head, body, signature, ...rest] = token.split('.')
  if (head === undefined || body === undefined || !signature || rest.length > 0) return []
  const claims = claimsIn(body)
  if (claims === null) return []
  const changed = part({ ...claims, aud: 'https://other.example/mcp' })
  return [
    { token: `${head}.${changed}.${signature}`, called: 'with the token, its audience changed' },
    { token: `${part({ alg: 'none', typ: 'JWT' })}.${body}.`, called: 'with the token, unsigned (alg none)' },
  ]
}

function part(claims: Readonly<Record<string, unknown>>): string {
  const text = toBase64(utf8ToBytes(JSON.stringify(claims)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function claimsIn(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const letters = body.replaceAll('-', '+').replaceAll('_', '/')
    const bytes = fromBase64(letters.padEnd(Math.ceil(letters.length / 4) * 4, '='))
    const claims: unknown = bytes === null ? null : JSON.parse(utf8Text(bytes))
    return isRecord(claims) ? claims : null
  } catch {
    return null
  }
}
