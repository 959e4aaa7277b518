import type { SafeValue } from '@upkeep/contract/observations/declared-server'
import { isUnsuspicious } from './plain-shapes.ts'
import { looksRandom } from './random-text.ts'
import { everyReferenceStyle, isReference, type ReferenceStyle } from './references.ts'
import { type Fingerprint, hide, kindUnderName } from './safe-value.ts'
import { knownTokenKind } from './secret-kinds.ts'

export interface UrlSecret {
  where: string
  value: SafeValue
}
/** A URL as it may be shown, with what it carried beside that. `url` is null when the text is not a URL at all. */
export interface SafeUrl {
  url: string | null
  secrets: readonly UrlSecret[]
}

/** What stands in a shown URL for what is hidden. */
const mask = '***'
const urlShape =
  /^([A-Za-z][A-Za-z0-9+.-]{0,30}):\/\/([^/?#\\]{0,2000})([^?#]{0,4000})(\?[^#]{0,8000})?(#[\s\S]{0,4000})?$/
/** Words, versions and dates, whole (`2025-06-18`) or in parts (`2025/06/18`). */
const plainSegment = /^(?:[a-z_-]{1,32}|v\d{1,3}|\.well-known|MCP|api2|oauth2|(?:19|20)\d{2}(?:-\d{2}){0,2}|[0-3]?\d)$/

/** A host of labels and variables, with a port that may be a variable too. A variable's default is shown where it is a port. */
const hostShape =
  /^((?:[A-Za-z0-9_-]{0,63}|\$\{[A-Za-z_][A-Za-z0-9_:]{0,63}\})(?:\.(?:[A-Za-z0-9_-]{0,63}|\$\{[A-Za-z_][A-Za-z0-9_:]{0,63}\})){0,30})(:(?:\d{1,5}|\$\{[A-Za-z_][A-Za-z0-9_:]{0,63}(?::-\d{1,5})?\}))?$/

/**
 * Takes user info, query values and fragment out of a URL, and path segments and host names that are not plainly words. Scheme and host
 * are brought to lower case, so that the same endpoint reads the same.
 */
export function safeUrl(text: string, expands: readonly ReferenceStyle[], fingerprint: Fingerprint): SafeUrl {
  const parts = urlShape.exec(text.trim())
  if (parts === null) return { url: null, secrets: [{ where: 'text', value: hide(text, null, fingerprint) }] }
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = parts
  const secrets: UrlSecret[] = []
  const found = (where: string, name: string, value: string): void => {
    if (isReference(value, expands)) secrets.push({ where, value: { kind: 'reference', text: value } })
    else secrets.push({ where, value: hide(value, kindUnderName(name, value), fingerprint) })
  }
  const shown = `${scheme.toLowerCase()}://${hostOf(authority, found)}${pathOf(path, expands, found)}`
  const shownQuery = query.length > 1 ? `?${queryOf(query.slice(1), found)}` : ''
  if (fragment.length > 1) found('fragment', 'fragment', fragment.slice(1))
  return { url: `${shown}${shownQuery}`, secrets }
}

type Found = (where: string, name: string, value: string) => void

function hostOf(authority: string, found: Found): string {
  const ends = authority.lastIndexOf('@')
  // User info is a password's place: the name says so where the shape does not.
  if (ends >= 0) found('user info', 'password', authority.slice(0, ends))
  const host = authority.slice(ends + 1)
  if (/^\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?$/.test(host)) return host.toLowerCase()
  const named = hostShape.exec(host)
  if (named === null) {
    found('host', 'host', host)
    return mask
  }
  const labels = (named[1] ?? '').split('.').map((label) => {
    if (isVariable(label)) return label
    if (isHostLabel(label)) return label.toLowerCase()
    found('host', 'host', label)
    return mask
  })
  return `${labels.join('.')}${named[2] ?? ''}`
}

function isVariable(label: string): boolean {
  return label.startsWith('${') && isUnsuspicious(label, 12)
}

function isHostLabel(label: string): boolean {
  return label.length <= 63 && knownTokenKind(label) === null && !looksRandom(label, 12)
}

function pathOf(path: string, expands: readonly ReferenceStyle[], found: Found): string {
  const segments = path.split('/').map((segment, index) => {
    if (segment === '' || isPlainSegment(segment)) return segment
    if (isReference(segment, expands) || isReference(segment, everyReferenceStyle)) return segment
    found(`path ${index}`, 'path', segment)
    return mask
  })
  return segments.join('/')
}

function isPlainSegment(segment: string): boolean {
  return plainSegment.test(segment) && isUnsuspicious(segment)
}

function queryOf(query: string, found: Found): string {
  const shown = query.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    const name = equals < 0 ? '' : pair.slice(0, equals)
    if (!/^[A-Za-z][A-Za-z0-9_.-]{0,31}$/.test(name) || !isUnsuspicious(name, 12)) {
      found('query', 'query', pair)
      return mask
    }
    found(`query ${name}`, name, pair.slice(equals + 1))
    return `${name}=${mask}`
  })
  return shown.join('&')
}
