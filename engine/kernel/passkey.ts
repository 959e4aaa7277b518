import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { z } from 'zod'
import type { CheckedSignature } from './ssh-signature.ts'

/** A passkey as it is enrolled: its public key, and the page that it is bound to. */
export interface Passkey {
  readonly algorithm: 'ES256' | 'EdDSA' | 'RS256'
  readonly key: KeyObject
  /** The credential's id, base64url. */
  readonly credential: string
  /** The only page that may ask it for a signature, such as `http://localhost:7420`. */
  readonly origin: string
}

const bytes = z.string().regex(/^[A-Za-z0-9_-]{1,8000}$/)

/** What an authenticator answers, each part base64url. */
export const Assertion = z.strictObject({
  authenticatorData: bytes,
  clientDataJSON: bytes,
  credential: bytes,
  signature: bytes,
})
export type Assertion = z.infer<typeof Assertion>

const ClientData = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
})

const mostBytes = 16_000
const line =
  /^passkey (ES256|EdDSA|RS256) ([A-Za-z0-9_-]{40,1600}) ([A-Za-z0-9_-]{16,1400}) (https?:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?)$/
/** Shorter RSA keys can be factored with means that exist. */
const fewestRsaBits = 2_048

/** Whether a person's key is a passkey, and no SSH key. */
export function isPasskey(text: string): boolean {
  return text.startsWith('passkey ')
}

/** The line by which a passkey is enrolled. `publicKey` is a SubjectPublicKeyInfo in DER, base64url, as browsers hand it out. */
export function passkeyLine(made: {
  algorithm: string
  publicKey: string
  credential: string
  origin: string
}): string {
  return `passkey ${made.algorithm} ${made.publicKey} ${made.credential} ${made.origin}`
}

/** Reads an enrolled passkey; null where it is none that can be used. */
export function readPasskey(text: string): Passkey | null {
  const [, algorithm, encoded = '', credential = '', origin = ''] = line.exec(text) ?? []
  if (algorithm !== 'ES256' && algorithm !== 'EdDSA' && algorithm !== 'RS256') return null
  try {
    const key = createPublicKey({ key: Buffer.from(encoded, 'base64url'), format: 'der', type: 'spki' })
    return isOfAlgorithm(key, algorithm) ? { algorithm, key, credential, origin } : null
  } catch {
    return null
  }
}

/** Browsers bind passkeys to a name: an address of numbers is none. */
export function bindsPasskeys(origin: string): boolean {
  const { hostname, protocol } = new URL(origin)
  if (hostname === 'localhost') return true
  return protocol === 'https:' && !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname)
}

/** What a browser is given to have signed: the SHA-256 of the text, base64url. */
export function challengeOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url')
}

/** An assertion as it is stored: one text for one assertion. Null where it is not of that form. */
export function storedAssertion(given: unknown): string | null {
  const parsed = Assertion.safeParse(given)
  return parsed.success ? canonicalJson(parsed.data) : null
}

/** Whether a stored signature names this passkey as its own. */
export function isAssertionBy(keyLine: string, stored: string): boolean {
  const passkey = readPasskey(keyLine)
  return passkey !== null && readAssertion(stored)?.credential === passkey.credential
}

/** How often an authenticator says that it signed; 0 where it does not count, or it cannot be read. */
export function countIn(stored: string): number {
  const data = Buffer.from(readAssertion(stored)?.authenticatorData ?? '', 'base64url')
  return data.length < fewestDataBytes ? 0 : data.readUInt32BE(33)
}

/**
 * Checks an assertion as WebAuthn 3 (7.2) has it: by this passkey, over this very text, from the page it was enrolled at, with its owner
 * there and made sure of. What it counts is for the door that took it to compare.
 */
export function checkAssertion(keyLine: string, stored: string, text: string): CheckedSignature {
  const passkey = readPasskey(keyLine)
  if (passkey === null) return bad('the passkey named is none that can be used')
  const assertion = readAssertion(stored)
  if (assertion === null) return bad('its signature is not one that a passkey gives')
  if (assertion.credential !== passkey.credential) return bad('it is signed by another passkey')
  const client = Buffer.from(assertion.clientDataJSON, 'base64url')
  const data = Buffer.from(assertion.authenticatorData, 'base64url')
  const fault = faultOfClient(client, passkey, text) ?? faultOfData(data, passkey)
  if (fault !== null) return bad(fault)
  const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
  return holds(passkey, signed, Buffer.from(assertion.signature, 'base64url'))
    ? { state: 'good', touched: true }
    : bad('its signature is wrong')
}

function bad(reason: string): CheckedSignature {
  return { state: 'bad', reason }
}

function readAssertion(stored: string): Assertion | null {
  if (stored.length > mostBytes) return null
  const parsed = Assertion.safeParse(parsedJson(stored))
  // Another text for the same assertion is not the one that was taken.
  return parsed.success && canonicalJson(parsed.data) === stored ? parsed.data : null
}

function faultOfClient(json: Buffer, { origin }: Passkey, text: string): string | null {
  const client = ClientData.safeParse(parsedJson(json.toString('utf8')))
  if (!client.success || client.data.type !== 'webauthn.get') return 'its signature was not made to sign in or decide'
  if (client.data.challenge !== challengeOf(text)) return 'what it signed is another text'
  if (client.data.origin !== origin || client.data.crossOrigin === true)
    return `it was not signed at ${origin}, where the passkey is enrolled`
  return null
}

const fewestDataBytes = 37
const presentFlag = 0x01
const verifiedFlag = 0x04

function faultOfData(data: Buffer, { origin }: Passkey): string | null {
  if (data.length < fewestDataBytes) return 'its signature is not one that a passkey gives'
  const party = createHash('sha256').update(new URL(origin).hostname).digest()
  if (!data.subarray(0, 32).equals(party)) return 'it was signed for another site'
  const flags = data[32] ?? 0
  if ((flags & presentFlag) === 0) return 'nobody was there when it was signed'
  if ((flags & verifiedFlag) === 0) return 'the passkey did not make sure of its owner'
  return null
}

function isOfAlgorithm({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject, algorithm: string): boolean {
  if (algorithm === 'ES256') return type === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
  if (algorithm === 'EdDSA') return type === 'ed25519'
  return type === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= fewestRsaBits
}

function holds({ algorithm, key }: Passkey, signed: Buffer, signature: Buffer): boolean {
  try {
    return verify(algorithm === 'EdDSA' ? null : 'sha256', signed, key, signature)
  } catch {
    return false
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
