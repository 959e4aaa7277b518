import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { challengeOf, passkeyLine, storedAssertion } from '../passkey.ts'

/** A passkey in software, that signs as an authenticator and a browser together would. */
export interface MadePasskey {
  readonly line: string
  readonly credential: string
  /** As the API takes a new one. */
  readonly offered: string
  /** Signs a text, or whatever else it is told to put in. */
  sign(text: string, over?: Partial<SignedParts>): string
}

/** What goes into an assertion. */
export interface SignedParts {
  readonly challenge: string
  readonly type: string
  readonly origin: string
  readonly crossOrigin: boolean
  readonly party: string
  readonly flags: number
  readonly count: number
  readonly credential: string
}

const pairs: Record<'ES256' | 'EdDSA' | 'RS256', () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
}

let made = 0

export function madePasskey(origin: string, algorithm: keyof typeof pairs = 'ES256'): MadePasskey {
  made += 1
  const { publicKey, privateKey } = pairs[algorithm]()
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')
  const credential = Buffer.from(`a credential of a test, ${made}`).toString('base64url')
  return {
    line: passkeyLine({ algorithm, publicKey: spki, credential, origin }),
    credential,
    offered: `${algorithm} ${spki} ${credential}`,
    sign(text, over = {}) {
      const usual = {
        challenge: challengeOf(text),
        type: 'webauthn.get',
        origin,
        crossOrigin: false,
        count: 0,
        credential,
      }
      const parts = { ...usual, party: new URL(origin).hostname, flags: 0x05, ...over }
      const { type, challenge, crossOrigin } = parts
      const client = Buffer.from(JSON.stringify({ type, challenge, origin: parts.origin, crossOrigin }))
      const count = Buffer.alloc(4)
      count.writeUInt32BE(parts.count)
      const data = Buffer.concat([hash(parts.party), Buffer.from([parts.flags]), count])
      const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.concat([data, hash(client)]), privateKey)
      const answer = { authenticatorData: data, clientDataJSON: client, credential: parts.credential, signature }
      const texts = Object.entries(answer).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : value.toString('base64url'),
      ])
      return storedAssertion(Object.fromEntries(texts)) ?? ''
    },
  }
}

function hash(bytes: string | Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
