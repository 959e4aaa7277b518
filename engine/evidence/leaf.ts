import type { SealedType } from '@upkeep/contract/evidence'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { leafHash } from '@upkeep/domain/merkle'

/** The leaf hash of a record: over the canonical form of `{record, type}`. Hex. */
export function leafHashOf(type: SealedType, record: unknown): string {
  return leafHashOfBody(type, canonicalJson(record))
}

/** As `leafHashOf`, for a record that is canonical text already. Text that is not gives another hash, which is the point. */
export function leafHashOfBody(type: SealedType, body: string): string {
  return toHex(leafHash(Buffer.from(`{"record":${body},"type":"${type}"}`, 'utf8')))
}

/** Bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The bytes of lower-case hex. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

/** A stored body as a value; null when it is not JSON. */
export function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
