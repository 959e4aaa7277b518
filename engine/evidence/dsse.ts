import { fromBase64, toBase64 } from '@upkeep/domain/base64'
import { parseVerifierKey, type VerifierKey } from '@upkeep/domain/signed-note'
import { isSignedBy, type KeyPair, signText } from './ed25519.ts'

/** A DSSE envelope (secure-systems-lab/dsse, version 1.0.2) with Ed25519 signatures. */
export interface DsseEnvelope {
  readonly payloadType: string
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

/** Signs a text. Ed25519 throws no dice: the same text and key give the same envelope. */
export function sealEnvelope(payloadType: string, body: string, key: { id: string; pair: KeyPair }): DsseEnvelope {
  const sig = toBase64(signText(preAuthentication(payloadType, body), key.pair))
  const payload = toBase64(new TextEncoder().encode(body))
  return { payloadType, payload, signatures: [{ keyid: key.id, sig }] }
}

/** What an envelope carries, as text; null where it is no base64 of UTF-8, in its one spelling. */
export function envelopeBody({ payload }: DsseEnvelope): string | null {
  const bytes = fromBase64(payload)
  try {
    return bytes === null ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Whether the key of this line signed it. The id beside a signature is a hint and proves nothing: each is tried. */
export function envelopeIsSignedBy(envelope: DsseEnvelope, line: string): boolean {
  const key = parseVerifierKey(line)
  const body = envelopeBody(envelope)
  if (key === null || body === null) return false
  const text = preAuthentication(envelope.payloadType, body)
  return envelope.signatures.some(({ sig }) => {
    const signature = fromBase64(sig)
    return signature !== null && isSignedBy(text, signature, key.publicKey)
  })
}

/** How a key is named beside a signature: the ledger and the id, as a signed note has them. */
export function keyName({ name, keyId }: VerifierKey): string {
  return `${name}+${keyId}`
}

/** What is signed: the type is part of it, so that a signature for one purpose is none for another. */
function preAuthentication(type: string, body: string): string {
  return `DSSEv1 ${Buffer.byteLength(type)} ${type} ${Buffer.byteLength(body)} ${body}`
}
