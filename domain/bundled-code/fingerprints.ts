import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** From the first to the last of the versions listed, by index: inclusive pairs. */
export type VersionSpans = readonly (readonly [number, number])[]

/** One thing that a bundler keeps or leaves out as a whole (a class, a function), in the forms that the versions have of it. */
export interface FingerprintUnit {
  name: string
  /** Words that only this unit has, as indexes in `words`: without some of them it is not there. */
  own: readonly number[]
  /** Each form's words as indexes in `words`, and the versions that have it. */
  forms: readonly { versions: VersionSpans; words: readonly number[] }[]
}

/** What makes one package known again inside other code: hashes of words, never its code. */
export interface PackageFingerprints {
  ecosystem: 'npm'
  name: string
  /** Packages that share code: of a family only the best match in a file counts. */
  family: string
  /** A file without all of these texts is not looked into. */
  gates: readonly string[]
  versions: readonly string[]
  /** First twelve hex digits of the SHA-256 of each word. */
  words: readonly string[]
  /** Words that nothing else is known to have, as indexes, with the versions that have them anywhere. */
  tells: readonly { word: number; versions: VersionSpans }[]
  units: readonly FingerprintUnit[]
}

/** The hash under which a word is kept. */
export function wordHash(word: string): string {
  return bytesToHex(sha256(utf8ToBytes(word.toWellFormed())).subarray(0, 6))
}

/** True when one of the spans holds the index. */
export function inSpans(spans: VersionSpans, index: number): boolean {
  return spans.some(([from, to]) => index >= from && index <= to)
}
