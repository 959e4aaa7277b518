import type { CredentialPlace } from '@upkeep/contract/changes/rotate-credential'
import { launchedSecrets } from '../client-formats/our-launcher.ts'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'

/** Where a value stands in an entry. */
type ValuePlace =
  | { in: 'env'; name: string }
  | { in: 'header'; name: string }
  | { in: 'argument'; index: number; of: number }
  | { in: 'url' }

/** Shorter ones are found only where they are the whole of a value: else half of a word would be taken for one. */
const minPart = 8

/** A credential that a person named, where it stands, with what stands there. */
export interface NamedCredential {
  at: CredentialPlace
  /** The credential, or the reference that stands for it; null for one that our launcher fetches. */
  text: string | null
}

/** Every place of an entry where exactly this text stands, from the last part of a value to the first. */
export function placesOf(entry: PlacedEntry, secret: string): CredentialPlace[] {
  return valuesOf(entry).flatMap(({ place, value }): CredentialPlace[] => {
    const starts = secret.length < minPart ? (value === secret ? [0] : []) : startsOf(value, secret)
    return starts.toReversed().map((start) => ({ ...place, start, length: secret.length }))
  })
}

function startsOf(value: string, part: string): number[] {
  const starts: number[] = []
  for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + part.length)) starts.push(at)
  return starts
}

/**
 * The credential of an entry that a word names: a variable, a header, a flag, the number of an argument as plans count them, a parameter
 * of the address, or what our launcher calls it.
 */
export function credentialNamed(entry: PlacedEntry, word: string): NamedCredential[] {
  const launched = launchedSecrets(entry.args).filter(({ name }) => name === word)
  const named = valuesOf(entry).flatMap(({ place, value }): NamedCredential[] => {
    const start = startNamed(entry, place, value, word)
    const text = start === null ? '' : partFrom(place, value, start)
    return start === null || text === '' ? [] : [{ at: { ...place, start, length: text.length }, text }]
  })
  return [...launched.map(({ name }) => ({ at: { in: 'launched' as const, name }, text: null })), ...named]
}

/** Where in a value the credential begins, if it is what the word names. */
function startNamed({ args }: PlacedEntry, place: ValuePlace, value: string, word: string): number | null {
  const wanted = word.replace(/^-+/, '').toLowerCase()
  if (place.in === 'env') return place.name === word ? 0 : null
  if (place.in === 'header') return place.name.toLowerCase() === wanted ? schemeOf(value) : null
  if (place.in === 'url') return parameterStart(value, word)
  const named = /^(?:-{0,2})([A-Za-z][A-Za-z0-9_.-]{0,63})(=|:\s{0,3})/.exec(value)
  const own = named?.[1]?.toLowerCase() === wanted ? named[0].length : null
  if (own !== null) return own + schemeOf(value.slice(own))
  const flag = args[place.index - 1] ?? ''
  const isNamed = flag.startsWith('-') && flag.replace(/^-+/, '').toLowerCase() === wanted
  return isNamed || String(place.index + 1) === word ? (named?.[0].length ?? 0) : null
}

function schemeOf(value: string): number {
  return /^(?:bearer|basic|token) /i.exec(value)?.[0].length ?? 0
}

function parameterStart(url: string, name: string): number | null {
  const query = url.indexOf('?')
  for (let at = query; query >= 0 && at >= 0; at = url.indexOf('&', at + 1))
    if (url.startsWith(`${name}=`, at + 1)) return at + name.length + 2
  return null
}

function partFrom(place: ValuePlace, value: string, start: number): string {
  const rest = value.slice(start)
  return place.in === 'url' ? (/^[^&#]*/.exec(rest)?.[0] ?? '') : rest
}

function valuesOf({ env, headers, args, url }: PlacedEntry): { place: ValuePlace; value: string }[] {
  return [
    ...[...env].map(([name, value]) => ({ place: { in: 'env' as const, name }, value })),
    ...[...headers].map(([name, value]) => ({ place: { in: 'header' as const, name }, value })),
    ...args.map((value, index) => ({ place: { in: 'argument' as const, index, of: args.length }, value })),
    ...(url === null ? [] : [{ place: { in: 'url' as const }, value: url }]),
  ]
}
