import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

/** A key that signs packages of a registry, or statements about their publication. Times are as its owner gives them; null is no limit. */
export interface RegistryKey {
  keyid: string
  key: KeyObject
  startsAt: string | null
  expiresAt: string | null
  /** Left out where the key may sign both. */
  use?: 'signatures' | 'attestations'
}

const Limit = z.string().max(100).nullish()
/** As registries answer under `/-/npm/v1/keys`. */
const Answered = z.object({
  keyid: z.string().min(1).max(200),
  keytype: z.literal('ecdsa-sha2-nistp256'),
  key: z.string().max(1_000),
  expires: Limit,
})
/** As npm publishes the same keys through Sigstore's update framework. */
const Published = z.object({
  keyId: z.string().min(1).max(200),
  keyUsage: z.string().max(100),
  publicKey: z.object({
    rawBytes: z.string().max(1_000),
    keyDetails: z.literal('PKIX_ECDSA_P256_SHA_256'),
    validFor: z.object({ start: Limit, end: Limit }).optional(),
  }),
})
const Keys = z.object({ keys: z.array(z.unknown()).max(100) })

/** The keys of a list that this product can check with; null where it is no list of keys. A key of another kind is left out. */
export function readRegistryKeys(value: unknown): RegistryKey[] | null {
  const list = Keys.safeParse(value)
  return list.success ? list.data.keys.flatMap((one) => readKey(one) ?? []) : null
}

function readKey(value: unknown): RegistryKey | null {
  const answered = Answered.safeParse(value)
  if (answered.success) {
    const { keyid, key, expires } = answered.data
    const read = p256(key)
    return read && { keyid, key: read, startsAt: null, expiresAt: expires ?? null }
  }
  const published = Published.safeParse(value)
  if (!published.success) return null
  const { keyId, keyUsage, publicKey } = published.data
  const read = p256(publicKey.rawBytes)
  const use = keyUsage === 'npm:signatures' ? 'signatures' : keyUsage === 'npm:attestations' ? 'attestations' : null
  if (read === null || use === null) return null
  const { start, end } = publicKey.validFor ?? {}
  return { keyid: keyId, key: read, startsAt: start ?? null, expiresAt: end ?? null, use }
}

function p256(base64: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

/**
 * Keys that were known before, and those that are new. A registry can add a key and can let one expire earlier; it cannot put another key in
 * the place of one, and cannot let one live longer.
 */
export function withNewKeys(known: readonly RegistryKey[], more: readonly RegistryKey[]): RegistryKey[] {
  const ids = new Set(known.map((one) => one.keyid))
  const shortened = known.map((one) => {
    const same = more.find((each) => each.keyid === one.keyid && each.key.equals(one.key))
    return same === undefined ? one : { ...one, expiresAt: earlier(one.expiresAt, same.expiresAt) }
  })
  return [...shortened, ...more.filter((one) => !ids.has(one.keyid))]
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return Date.parse(b) < Date.parse(a) ? b : a
}

/** Keys as they are kept: in the form in which registries answer. */
export function writeRegistryKeys(keys: readonly RegistryKey[]): string {
  return JSON.stringify({
    keys: keys.map(({ keyid, key, expiresAt }) => ({
      keyid,
      keytype: 'ecdsa-sha2-nistp256',
      key: key.export({ type: 'spki', format: 'der' }).toString('base64'),
      expires: expiresAt,
    })),
  })
}
