import type { SafeValue } from '@upkeep/contract/observations/declared-server'
import { looksRandom } from './random-text.ts'
import { everyReferenceStyle, isReferenceValue, type ReferenceStyle } from './references.ts'
import { isHarmlessUnderSecretName, isSecretName, knownTokenKind, secretKindOf } from './secret-kinds.ts'

/** The keyed hash that a hidden value leaves; `SecretsPort.fingerprint`. */
export type Fingerprint = (text: string) => string

export type HiddenValue = Extract<SafeValue, { kind: 'hidden' }>

/** A value as it may be stored when it must not be shown. */
export function hide(text: string, secret: string | null, fingerprint: Fingerprint, prefix?: string): HiddenValue {
  const hidden = {
    kind: 'hidden' as const,
    secret: secret ?? 'none',
    length: text.length,
    fingerprint: fingerprint(text),
  }
  return prefix === undefined ? hidden : { ...hidden, prefix }
}

/** What a value under a name looks like: by its own shape first, then by the name. Null when neither says that it is a secret. */
export function kindUnderName(name: string, value: string): string | null {
  const byShape = secretKindOf(value)
  if (byShape !== null && byShape !== 'random-text') return byShape
  if (isSecretName(name) && !isHarmlessUnderSecretName(value)) return 'named-secret'
  return byShape
}

/** The value of an environment variable or a header: never shown, unless it only refers to one that stands elsewhere. */
export function safeNamedValue(
  name: string,
  value: string,
  expands: readonly ReferenceStyle[],
  fingerprint: Fingerprint,
): SafeValue {
  if (value === '') return { kind: 'empty' }
  if (isReferenceValue(value, expands)) return { kind: 'reference', text: value }
  // A reference that this client does not expand is no secret either, but what the server gets is the text itself.
  if (isReferenceValue(value, everyReferenceStyle)) return hide(value, null, fingerprint)
  return hide(value, kindUnderName(name, value), fingerprint)
}

/**
 * A name of a variable, header, key, tool or server as it may be shown: cut to a bound, and replaced by a keyed hash where it holds a
 * token or, for names that are identifiers, is not shaped like one. `__proto__` is replaced too: readers of the facts may trip over it.
 */
export function safeName(text: string, shape: 'identifier' | 'free', fingerprint: Fingerprint): string {
  const isShown =
    text !== '' &&
    text !== '__proto__' &&
    knownTokenKind(text) === null &&
    (shape === 'free' || (/^[A-Za-z0-9_.:@/*#$ -]{1,128}$/.test(text) && !looksRandom(text, 20)))
  if (!isShown) return `hidden-${fingerprint(text)}`
  return text.length <= 200 ? text : `${text.slice(0, 200)}-${fingerprint(text)}`
}
