import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { SealedSecrets } from './login-record.ts'

const algorithm = 'aes-256-gcm'

/** Encrypts a text under a key of this installation; `binds` has to be the same when it is opened. */
export function seal(text: string, key: Uint8Array, binds: string): SealedSecrets {
  const nonce = randomBytes(12)
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(binds, 'utf8'))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return {
    nonce: nonce.toString('base64'),
    text: sealed.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  }
}

/** The text that was sealed; null with another key, another binding, or one changed bit. */
export function unseal({ nonce, text, tag }: SealedSecrets, key: Uint8Array, binds: string): string | null {
  try {
    const decipher = createDecipheriv(algorithm, key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
      .setAAD(Buffer.from(binds, 'utf8'))
      .setAuthTag(Buffer.from(tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
