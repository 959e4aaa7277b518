import type { SafeValue } from '@upkeep/contract/observations/declared-server'
import type { ArgumentRole } from '../client-formats/launch-words.ts'
import { isShownSpec, readImage, shownScript } from '../client-formats/package-spec.ts'
import { isBareFlag, isKnownWord, isPath, isProgramName, isScriptName, isUnsuspicious } from './plain-shapes.ts'
import { looksRandom } from './random-text.ts'
import {
  everyReferenceStyle,
  isReference,
  isReferenceValue,
  isStoreReference,
  type ReferenceStyle,
} from './references.ts'
import { safeUrl } from './safe-url.ts'
import { type Fingerprint, hide, kindUnderName } from './safe-value.ts'
import { isHarmlessUnderSecretName, isSecretName, secretKindOf } from './secret-kinds.ts'

/** Flags whose value sets a variable, and flags whose value is a header. */
const environmentFlags = new Set(['-e', '--env', '-E', '--environment', '--build-arg'])
const headerFlags = new Set(['-H', '--header', '--headers', '--http-header'])

interface Context {
  expands: readonly ReferenceStyle[]
  fingerprint: Fingerprint
}

/**
 * The arguments of a command as they may be stored. What is shown is listed by shape; everything else is hidden, whether or not it
 * looks like a secret.
 */
export function safeArgs(
  args: readonly string[],
  roles: ReadonlyMap<number, ArgumentRole>,
  expands: readonly ReferenceStyle[],
  fingerprint: Fingerprint,
): SafeValue[] {
  // A server may expand references by itself, so every style is one here; none of them can be the secret.
  const context = { expands: [...new Set([...expands, ...everyReferenceStyle])], fingerprint }
  return args.map((text, index) => safeArg(text, flagBefore(args[index - 1]), roles.get(index), context))
}

/** The flag whose value the next argument may be: one without `=`. */
function flagBefore(text: string | undefined): string {
  return text?.startsWith('-') && !text.includes('=') ? text : ''
}

function safeArg(text: string, flag: string, role: ArgumentRole | undefined, context: Context): SafeValue {
  if (text === '') return { kind: 'empty' }
  if (role === 'assignment' || environmentFlags.has(flag)) return safeAssignment(text, '', context)
  if (headerFlags.has(flag)) return safeHeader(text, '', context)
  if (role !== undefined) return safeByRole(text, role, context)
  if (isSecretName(flag)) return safeUnderFlag(text, flag, '', context)
  // With one dash the value may be attached to the letter, as in `-eNAME=value`: such arguments are not split.
  const equals = text.startsWith('--') ? text.indexOf('=') : -1
  if (equals > 0 && isBareFlag(text.slice(0, equals))) return safeFlagWithValue(text, equals, context)
  return safeWord(text, '', context)
}

function safeByRole(text: string, role: ArgumentRole, context: Context): SafeValue {
  const equals = text.startsWith('--') ? text.indexOf('=') : -1
  const value = equals > 0 ? text.slice(equals + 1) : text
  const prefix = equals > 0 ? text.slice(0, equals + 1) : ''
  if (isReference(value, context.expands) || isShownInRole(value, role)) return { kind: 'plain', text }
  return safeWord(value, prefix, context)
}

function isShownInRole(value: string, role: ArgumentRole): boolean {
  if (role === 'package') return isShownSpec(value)
  if (role === 'image') return readImage(value) !== null
  if (role === 'script') return shownScript(value) === value
  if (role === 'module') return /^[A-Za-z_][A-Za-z0-9_.]{0,200}$/.test(value) && isUnsuspicious(value, 12)
  if (role === 'program') return isPath(value) || isProgramName(value)
  // Only where our own launcher takes one.
  if (role === 'digest') return /^[0-9a-f]{64}$/.test(value)
  if (role === 'passed-name') return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(value) && isUnsuspicious(value, 12)
  return /^[0-9.]{1,12}$/.test(value)
}

/** `NAME=value`: the name is shown where it is one. `NAME` alone hands on a variable, which is no value. */
function safeAssignment(text: string, before: string, context: Context): SafeValue {
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  const isName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && isUnsuspicious(name, 12)
  if (!isName) return hide(text, secretKindOf(text), context.fingerprint, before || undefined)
  if (equals < 0)
    return /^[A-Z_][A-Z0-9_]*$/.test(name)
      ? { kind: 'plain', text: `${before}${text}` }
      : safeWord(text, before, context)
  return safeUnderFlag(text.slice(equals + 1), name, `${before}${name}=`, context)
}

/** `Name: value`, as a header flag takes it. */
function safeHeader(text: string, before: string, context: Context): SafeValue {
  const parts = /^([A-Za-z][A-Za-z0-9-]{0,63})(:\s{0,3})([\s\S]*)$/.exec(text)
  const name = parts?.[1]
  if (name === undefined || !isUnsuspicious(name, 12)) {
    if (isReference(text, context.expands)) return { kind: 'reference', text: `${before}${text}` }
    return hide(text, secretKindOf(text), context.fingerprint, before || undefined)
  }
  return safeUnderFlag(parts?.[3] ?? '', name, `${before}${name}${parts?.[2] ?? ''}`, context)
}

/** A value whose name says what it is: never shown, unless it is a reference. */
function safeUnderFlag(value: string, name: string, prefix: string, context: Context): SafeValue {
  if (value === '') return { kind: 'plain', text: prefix }
  if (isReferenceValue(value, context.expands)) return { kind: 'reference', text: `${prefix}${value}` }
  return hide(value, kindUnderName(name, value), context.fingerprint, prefix || undefined)
}

function safeFlagWithValue(text: string, equals: number, context: Context): SafeValue {
  const flag = text.slice(0, equals)
  const value = text.slice(equals + 1)
  const prefix = text.slice(0, equals + 1)
  if (environmentFlags.has(flag)) return safeAssignment(value, prefix, context)
  if (headerFlags.has(flag)) return safeHeader(value, prefix, context)
  if (isSecretName(flag) && !isHarmlessUnderSecretName(value)) return safeUnderFlag(value, flag, prefix, context)
  return value === '' ? { kind: 'plain', text } : safeWord(value, prefix, context)
}

/** A word by its own shape: shown when that cannot be a secret, else hidden. */
function safeWord(text: string, prefix: string, context: Context): SafeValue {
  // Our own launcher takes the name of a place in a store.
  const isPlace = isStoreReference(text) && !looksRandom(text)
  if (isPlace || isReference(text, context.expands)) return { kind: 'reference', text: `${prefix}${text}` }
  const isShown = isKnownWord(text) || isPath(text) || isScriptName(text) || isMountSpec(text) || isBareFlag(text)
  if (isShown) return { kind: 'plain', text: `${prefix}${text}` }
  if (/^[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\//.test(text)) return safeUrlWord(text, prefix, context)
  return hide(text, secretKindOf(text), context.fingerprint, prefix || undefined)
}

/** A URL is shown where nothing of it is hidden; else the part that may be shown stands before the hidden whole. */
function safeUrlWord(text: string, prefix: string, context: Context): SafeValue {
  const { url, secrets } = safeUrl(text, context.expands, context.fingerprint)
  const hidden = secrets.flatMap(({ value }) => (value.kind === 'hidden' ? [value.secret] : []))
  if (url !== null && secrets.length === 0) return { kind: 'plain', text: `${prefix}${url}` }
  const kind = secretKindOf(text) ?? hidden.find((each) => each !== 'none') ?? null
  return hide(text, kind, context.fingerprint, `${prefix}${url ?? ''}` || undefined)
}

/** What `docker run --mount` takes: `type=bind,src=/a,dst=/b,ro`. */
function isMountSpec(text: string): boolean {
  const parts = text.split(',')
  return (
    parts.length > 1 &&
    parts.every((part) => {
      const [key = '', ...rest] = part.split('=')
      if (rest.length === 0) return ['ro', 'readonly', 'rw'].includes(key)
      if (key === 'type') return ['bind', 'volume', 'tmpfs'].includes(rest.join('='))
      return ['src', 'source', 'dst', 'destination', 'target'].includes(key) && isPath(rest.join('='))
    })
  )
}
