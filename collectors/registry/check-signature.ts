import { verify } from 'node:crypto'
import type { Check } from '@upkeep/contract/observations/registry'
import { printable } from '@upkeep/domain/printable'
import type { RegistryKey } from './registry-keys.ts'

/** What a registry signs: one version and the digest of its tarball. */
export interface SignedPackage {
  name: string
  version: string
  integrity: string | null
  /** The day on which it was published; null where the registry's date cannot be believed. */
  publishedAt: string | null
}
export interface RegistrySignature {
  keyid: string
  sig: string
}

/**
 * Checks a registry's signatures over `name@version:integrity`, ECDSA on P-256 with SHA-256. One that does not hold is enough to fail; one
 * that holds, by a key that was valid on the day of publication, is enough to pass.
 */
export function checkSignature(
  one: SignedPackage,
  signatures: readonly RegistrySignature[],
  keys: readonly RegistryKey[],
): Check {
  if (signatures.length === 0) return { state: 'unavailable', why: 'unavailable from this registry' }
  if (keys.length === 0) return { state: 'unavailable', why: 'the keys of this registry are not known' }
  if (one.integrity === null) return { state: 'failed', why: 'it is signed, and no digest is stated' }
  const checks = signatures.map((signature) => checkOne(one, signature, keys))
  return (
    checks.find((check) => check.why.endsWith(broken)) ??
    checks.find((check) => check.state === 'verified') ??
    checks.find((check) => check.state === 'failed') ??
    checks[0] ?? { state: 'unavailable', why: 'unavailable from this registry' }
  )
}

const broken = 'does not fit the package'

function checkOne(one: SignedPackage, { keyid, sig }: RegistrySignature, keys: readonly RegistryKey[]): Check {
  const key = keys.find((each) => each.keyid === keyid && each.use !== 'attestations')
  const name = printable(keyid)
  if (key === undefined) return { state: 'failed', why: `signed with a key that is not one of this registry: ${name}` }
  const text = Buffer.from(`${one.name}@${one.version}:${one.integrity}`)
  if (!holds(text, key, sig)) return { state: 'failed', why: `the signature of key ${name} ${broken}` }
  if (key.expiresAt === null) return { state: 'verified', why: `signed with key ${name}` }
  return inTime(one, key.expiresAt, name)
}

function holds(text: Buffer, { key }: RegistryKey, sig: string): boolean {
  try {
    return verify('sha256', text, key, Buffer.from(sig, 'base64'))
  } catch {
    return false
  }
}

/** An expired key may still have signed in time. Whether it did is known only where the day of publication can be believed. */
function inTime({ publishedAt }: SignedPackage, expiresAt: string, name: string): Check {
  const day = printable(expiresAt.slice(0, 10))
  const expires = Date.parse(expiresAt)
  const signed = Date.parse(publishedAt ?? '')
  if (Number.isNaN(expires) || Number.isNaN(signed))
    return { state: 'unavailable', why: `key ${name} expired on ${day}, and no day of signing can be believed` }
  return signed < expires
    ? { state: 'verified', why: `signed with key ${name}, which was valid then` }
    : { state: 'failed', why: `signed with key ${name} after it had expired on ${day}` }
}
