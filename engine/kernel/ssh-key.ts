import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** A public key as OpenSSH writes it, and what it verifies with. */
export interface SshKey {
  /** The bytes that stand in a signature for the key. */
  blob: Buffer
  type: string
  key: KeyObject
  /** For a key that lives in a security key (`sk-`): the SHA-256 of the application that it is bound to. Null for any other. */
  application: Buffer | null
}

const line =
  /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9-]{2,30}(?:@openssh\.com)?) ([A-Za-z0-9+/]{20,4000}={0,2})(?:\s[^\r\n]{0,500})?$/
const curves: Record<string, { crv: string; bytes: number }> = {
  'ecdsa-sha2-nistp256': { crv: 'P-256', bytes: 32 },
  'ecdsa-sha2-nistp384': { crv: 'P-384', bytes: 48 },
  'ecdsa-sha2-nistp521': { crv: 'P-521', bytes: 66 },
}
/** What a key in a security key is, besides being there. */
const hardwareTypes: Record<string, string> = {
  'sk-ssh-ed25519@openssh.com': 'ssh-ed25519',
  'sk-ecdsa-sha2-nistp256@openssh.com': 'ecdsa-sha2-nistp256',
}
/** Shorter RSA keys can be factored with means that exist. */
const fewestRsaBytes = 256

/** Reads a line of a `.pub` file: Ed25519, ECDSA, RSA of at least 2,048 bits, or one in a security key. Null for anything else. */
export function readSshKey(text: string): SshKey | null {
  const [, type = '', encoded = ''] = line.exec(text.trim()) ?? []
  const blob = Buffer.from(encoded, 'base64')
  const [name, ...fields] = wireFields(blob) ?? []
  if (name?.toString('latin1') !== type) return null
  try {
    const inHardware = hardwareTypes[type]
    const own = inHardware === undefined ? fields : fields.slice(0, -1)
    const jwk = jwkOf(inHardware ?? type, own)
    const application = inHardware === undefined ? null : sha256Of(fields.at(-1) ?? Buffer.alloc(0))
    return jwk === null ? null : { blob, type, key: createPublicKey({ key: jwk, format: 'jwk' }), application }
  } catch {
    // A point that is not on its curve, and the like.
    return null
  }
}

/** The fingerprint by which `ssh-keygen -l` names a key. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

function jwkOf(type: string, fields: readonly Buffer[]) {
  const [first, second] = fields
  if (type === 'ssh-ed25519') {
    return first?.length === 32 && fields.length === 1 ? { kty: 'OKP', crv: 'Ed25519', x: base64url(first) } : null
  }
  if (first === undefined || second === undefined || fields.length !== 2) return null
  if (type === 'ssh-rsa') {
    const modulus = unsigned(second)
    return modulus.length < fewestRsaBytes ? null : { kty: 'RSA', e: base64url(unsigned(first)), n: base64url(modulus) }
  }
  const curve = curves[type]
  if (curve === undefined || second.length !== 1 + 2 * curve.bytes || second[0] !== 4) return null
  const [x, y] = [second.subarray(1, 1 + curve.bytes), second.subarray(1 + curve.bytes)]
  return { kty: 'EC', crv: curve.crv, x: base64url(x), y: base64url(y) }
}

/** A number without the zero in front that marks it as positive. */
export function unsigned(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number
}

function sha256Of(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function base64url(bytes: Buffer): string {
  return bytes.toString('base64url')
}

/** The fields of SSH's wire format, each after its length in four bytes. Null when they do not fill the bytes exactly. */
export function wireFields(bytes: Buffer): Buffer[] | null {
  const fields: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return null
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return null
    fields.push(bytes.subarray(at + 4, end))
    at = end
  }
  return fields
}

/** Bytes as a field of SSH's wire format. */
export function asField(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
