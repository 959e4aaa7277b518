import type { FeedPlace } from '@upkeep/contract'
import { whyNotSignedBy } from '../kernel/ssh-signature.ts'
import { readBounded } from '../ports/files-read.ts'
import type { Feed } from './feed-sink.ts'

export type SignatureState = NonNullable<Feed['signature']>

/** The signature that lies beside a feed, and the key that its owner expects it from. */
export interface ExpectedSignature {
  key: string | null
  /** What lies in the file `.sig`; null when there is none. */
  armoured: string | null
}

const maxBytes = 16_384

/** What is expected of a feed's signature: it lies in `<file>.sig`. */
export function expectedSignature(file: string, { key }: Pick<FeedPlace, 'key'>): ExpectedSignature {
  const beside = readBounded(`${file}.sig`, maxBytes)
  const armoured =
    beside.state === 'present' ? Buffer.from(beside.bytes).toString('latin1') : beside.state === 'absent' ? null : ''
  return { key: key ?? null, armoured }
}

/**
 * What the signature comes to for these bytes. Where a key is named, only a signature by it will do: that there is none would otherwise be the
 * simplest forgery.
 */
export function judgeSignature(
  { key, armoured }: ExpectedSignature,
  bytes: Buffer,
): { state: Exclude<SignatureState, 'failed'> } | { state: 'failed'; reason: string } {
  if (key === null) return { state: armoured === null ? 'not-signed' : 'unchecked' }
  if (armoured === null) return { state: 'failed', reason: 'a key is named for it, and no signature lies beside it' }
  const reason = whyNotSignedBy(key, armoured, bytes)
  return reason === null ? { state: 'verified' } : { state: 'failed', reason }
}
