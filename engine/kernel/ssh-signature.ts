import { hash, verify } from 'node:crypto'
import { asField, fingerprintOf, readSshKey, type SshKey, unsigned, wireFields } from './ssh-key.ts'

const armour = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]{1,16000})-----END SSH SIGNATURE-----\s{0,4}$/
const magic = Buffer.from('SSHSIG')
const version = 1
const digests = { sha256: 'sha256', sha512: 'sha512' } as const

/** A signature that holds. `touched`: a security key says that somebody touched it; null for a key that can say nothing of the kind. */
export type CheckedSignature = { state: 'good'; touched: boolean | null } | { state: 'bad'; reason: string }

/**
 * Checks what `ssh-keygen -Y sign -n <namespace>` wrote: whether it is a signature by the key over the bytes, made for that purpose and no
 * other. The key is a line of a `.pub` file. Sources: PROTOCOL.sshsig and PROTOCOL.u2f of OpenSSH.
 */
export function checkSignature(keyLine: string, armoured: string, bytes: Buffer, namespace: string): CheckedSignature {
  const key = readSshKey(keyLine)
  if (key === null) return bad('the key named is none that can be used')
  const parts = read(armoured)
  if (parts === null) return bad('its signature is not one that ssh-keygen -Y sign writes')
  if (!parts.publicKey.equals(key.blob))
    return bad(`it is signed by ${fingerprintOf(parts.publicKey)}, not by the key named`)
  if (parts.namespace.toString('latin1') !== namespace) return bad(`its signature was not made for ${namespace}`)
  const algorithm = parts.digest.toString('latin1')
  if (algorithm !== 'sha256' && algorithm !== 'sha512') return bad('its signature is over a digest that is not known')
  const digest = hash(digests[algorithm], bytes, 'buffer')
  const signed = Buffer.concat([magic, ...[parts.namespace, parts.reserved, parts.digest, digest].map(asField)])
  if (key.application !== null) return inHardware(key, key.application, signed, parts.signature)
  return holds(key, signed, parts.signature) ? { state: 'good', touched: null } : bad('its signature is wrong')
}

/** As `checkSignature`, for a file that somebody published: why not, or null. Keys in a security key are not taken for that. */
export function whyNotSignedBy(keyLine: string, armoured: string, bytes: Buffer): string | null {
  const key = readSshKey(keyLine)
  if (key === null || key.application !== null) return 'the key named in upkeep.yaml is none that can be used'
  const checked = checkSignature(keyLine, armoured, bytes, 'file')
  return checked.state === 'good' ? null : checked.reason
}

function bad(reason: string): CheckedSignature {
  return { state: 'bad', reason }
}

const touchFlag = 0x01

/** A security key signs over what it was asked for together with its own application, what it saw, and how often it signed. */
function inHardware(key: SshKey, application: Buffer, signed: Buffer, signature: Buffer): CheckedSignature {
  const [name, value] = [fieldAt(signature, 0), fieldAt(signature, 1)]
  const rest = signature.subarray(8 + (name?.length ?? 0) + (value?.length ?? 0))
  if (name?.toString('latin1') !== key.type || value === undefined || rest.length !== 5)
    return bad('its signature is not one of a security key')
  const message = Buffer.concat([application, rest, hash('sha256', signed, 'buffer')])
  const isRight = key.type.startsWith('sk-ssh')
    ? verify(null, message, key.key, value)
    : flatHolds(key.key, message, value)
  if (!isRight) return bad('its signature is wrong')
  return { state: 'good', touched: ((rest[0] ?? 0) & touchFlag) !== 0 }
}

function flatHolds(key: SshKey['key'], message: Buffer, value: Buffer): boolean {
  const flat = flatPair(value, widths['ecdsa-sha2-nistp256'] ?? 0)
  return flat !== null && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, flat)
}

/** The field of that number at the front of the bytes; undefined where they end before it. */
function fieldAt(bytes: Buffer, number: number): Buffer | undefined {
  let at = 0
  for (let index = 0; at + 4 <= bytes.length; index += 1) {
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    if (index === number) return bytes.subarray(at + 4, end)
    at = end
  }
  return undefined
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
