import type { SecretPlace } from '@upkeep/contract/changes/move-secret'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import { everyReferenceStyle, isReferenceValue } from '../redaction/references.ts'
import { wordsTellSecret } from '../redaction/tells-secret.ts'
import { literalAt } from './move-secret.ts'

/** A secret where it stands: `before` is what stays in front of it, `name` what it can be called. */
export interface FoundSecret {
  before: string
  secret: string
  name: string
}

/** An argument is counted from the end: what was moved before it put our launcher in front of all of them. */
export function placeNow({ args }: PlacedEntry, place: SecretPlace): SecretPlace {
  return place.in === 'argument' ? { ...place, index: args.length - (place.of - place.index) } : place
}

/** The secret at a place; null where none stands there, as after it was moved. */
export function secretOf(entry: PlacedEntry, place: SecretPlace): FoundSecret | null {
  const text = literalAt(entry, place)
  if (text === null || text === '' || isReferenceValue(text, everyReferenceStyle)) return null
  if (place.in === 'env') return { before: '', secret: text, name: place.name }
  if (place.in === 'header') {
    const before = /^(?:bearer|basic|token) /i.exec(text)?.[0] ?? ''
    return { before, secret: text.slice(before.length), name: variableFor(place.name, 0) }
  }
  const former = entry.args[place.index - 1] ?? ''
  if (!wordsTellSecret([former, text]) || (wordsTellSecret([former]) && !wordsTellSecret([text]))) return null
  const equals = /^(?:--?)?[A-Za-z][A-Za-z0-9_-]{0,60}=/.exec(text)?.[0] ?? ''
  const flag = equals === '' && former.startsWith('-') ? former : equals
  return { before: equals, secret: text.slice(equals.length), name: variableFor(flag, place.index) }
}

/** What a variable that holds the value behind a flag or a header is called. */
export function variableFor(flag: string, index: number): string {
  const name = flag
    .replace(/^-+|=$/g, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? name : `ARGUMENT_${index + 1}`
}
