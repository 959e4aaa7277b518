import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'

/** An Ed25519 key pair in memory. `publicKey` is the 32 raw bytes. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: KeyObject
}

/** Makes a new key pair from the system's randomness. */
export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, publicKey: rawPublicKey(publicKey) }
}

/** The key pair in a PKCS #8 PEM text; null when it is not one of Ed25519. Says nothing of what it read. */
export function keyPairFromPem(pem: string): KeyPair | null {
  try {
    const privateKey = createPrivateKey(pem)
    if (privateKey.asymmetricKeyType !== 'ed25519') return null
    return { privateKey, publicKey: rawPublicKey(createPublicKey(privateKey)) }
  } catch {
    return null
  }
}

/** The private key as PKCS #8 PEM: what lies in the key file. */
export function toPem(pair: KeyPair): string {
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** The signature over the UTF-8 of a text. */
export function signText(text: string, pair: KeyPair): Uint8Array {
  return new Uint8Array(sign(null, Buffer.from(text, 'utf8'), pair.privateKey))
}

/** Whether a signature over a text is by a raw public key. */
export function isSignedBy(text: string, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const x = Buffer.from(publicKey).toString('base64url')
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, Buffer.from(text, 'utf8'), key, signature)
  } catch {
    return false
  }
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'))
}
