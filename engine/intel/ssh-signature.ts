import { hash, verify } from 'node:crypto'
import { asField, fingerprintOf, readSshKey, type SshKey, unsigned, wireFields } from './ssh-key.ts'

const armour = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]{1,16000})-----END SSH SIGNATURE-----\s{0,4}$/
const magic = Buffer.from('SSHSIG')
const version = 1
/** What the signature must have been made for, so that one made for a commit or a login counts for no feed. */
const namespace = 'file'
const digests = { sha256: 'sha256', sha512: 'sha512' } as const

/**
 * Why `armoured`, what `ssh-keygen -Y sign -n file` writes, is no signature by the key over the bytes; null when it is one. The key is a line of
 * a `.pub` file. Source: PROTOCOL.sshsig of OpenSSH.
 */
export function whyNotSignedBy(keyLine: string, armoured: string, bytes: Buffer): string | null {
  const key = readSshKey(keyLine)
  if (key === null) return 'the key named in upkeep.yaml is none that can be used'
  const parts = read(armoured)
  if (parts === null) return 'its signature is not one that ssh-keygen -Y sign writes'
  if (!parts.publicKey.equals(key.blob)) {
    return `it is signed by ${fingerprintOf(parts.publicKey)}, not by the key named`
  }
  if (parts.namespace.toString('latin1') !== namespace) return `its signature was not made for ${namespace}`
  const algorithm = parts.digest.toString('latin1')
  if (algorithm !== 'sha256' && algorithm !== 'sha512') return 'its signature is over a digest that is not known'
  const digest = hash(digests[algorithm], bytes, 'buffer')
  const signed = [parts.namespace, parts.reserved, parts.digest, digest].map(asField)
  return holds(key, Buffer.concat([magic, ...signed]), parts.signature) ? null : 'its signature is wrong'
}

function read(armoured: string) {
  const body = armour.exec(armoured)?.[1]
  if (body === undefined) return null
  const blob = Buffer.from(body, 'base64')
  const start = magic.length + 4
  if (blob.length < start || !blob.subarray(0, magic.length).equals(magic)) return null
  if (blob.readUInt32BE(magic.length) !== version) return null
  const fields = wireFields(blob.subarray(start)) ?? []
  const [publicKey, space, reserved, digest, signature] = fields
  const whole = publicKey && space && reserved && digest && signature && fields.length === 5
  return whole ? { publicKey, namespace: space, reserved, digest, signature } : null
}

/** RSA signs with SHA-2 only: `ssh-rsa` in a signature means SHA-1. */
const hashOf: Record<string, { of: string; by: string }> = {
  'rsa-sha2-256': { of: 'ssh-rsa', by: 'sha256' },
  'rsa-sha2-512': { of: 'ssh-rsa', by: 'sha512' },
  'ecdsa-sha2-nistp256': { of: 'ecdsa-sha2-nistp256', by: 'sha256' },
  'ecdsa-sha2-nistp384': { of: 'ecdsa-sha2-nistp384', by: 'sha384' },
  'ecdsa-sha2-nistp521': { of: 'ecdsa-sha2-nistp521', by: 'sha512' },
}

function holds({ key, type }: SshKey, signed: Buffer, signature: Buffer): boolean {
  const fields = wireFields(signature) ?? []
  const [name, value] = fields
  if (name === undefined || value === undefined || fields.length !== 2) return false
  const said = name.toString('latin1')
  if (said === 'ssh-ed25519') return type === said && verify(null, signed, key, value)
  const how = hashOf[said]
  if (how === undefined || how.of !== type) return false
  if (type === 'ssh-rsa') return verify(how.by, signed, key, value)
  const flat = flatPair(value, widths[type] ?? 0)
  return flat !== null && verify(how.by, signed, { key, dsaEncoding: 'ieee-p1363' }, flat)
}

const widths: Record<string, number> = {
  'ecdsa-sha2-nistp256': 32,
  'ecdsa-sha2-nistp384': 48,
  'ecdsa-sha2-nistp521': 66,
}

/** The two numbers of an ECDSA signature side by side, each as wide as the curve. */
function flatPair(value: Buffer, width: number): Buffer | null {
  const numbers = wireFields(value)?.map(unsigned) ?? []
  if (numbers.length !== 2 || numbers.some((number) => number.length > width)) return null
  return Buffer.concat(numbers.map((number) => Buffer.concat([Buffer.alloc(width - number.length), number])))
}
