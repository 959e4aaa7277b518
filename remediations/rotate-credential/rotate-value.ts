import type { CredentialPlace } from '@upkeep/contract/changes/rotate-credential'
import { setArguments, setEnvironment, setHeaders, setUrl } from '@upkeep/domain/client-edits/entry-edits'
import { launchWith } from '@upkeep/domain/client-edits/move-secret'
import { variableFor } from '@upkeep/domain/client-edits/secret-of'
import type { Edited } from '@upkeep/domain/client-edits/text-edit'
import { clientList } from '@upkeep/domain/client-formats/client-list'
import { launchedSecrets } from '@upkeep/domain/client-formats/our-launcher'
import { isReference, isStoreReference } from '@upkeep/domain/redaction/references'
import type { Rotated, Rotating } from './rotating.ts'

type InValue = Exclude<CredentialPlace, { in: 'launched' }>

/** Puts the new credential exactly where the old one stands. */
export function rotateInPlace(rotating: Rotating, place: InValue, secret: string): Rotated {
  const at = now(rotating, place)
  const value = valueAt(rotating, at)
  if (value === null) return gone
  if (!stands(rotating, at, value)) return value.startsWith(secret, at.start) ? { state: 'made' } : gone
  return { state: 'edited', edited: set(rotating, at, put(at, value, secret)) }
}

/** Puts a reference there: the client's own as it is, one of a store through our launcher. */
export function toReference(rotating: Rotating, place: InValue, text: string): Rotated {
  const { file, entry } = rotating
  if (launchedSecrets(entry.args).some(({ source }) => source === text)) return { state: 'made' }
  const at = now(rotating, place)
  const value = valueAt(rotating, at)
  if (value === null) return gone
  if (!stands(rotating, at, value)) return value.startsWith(text, at.start) ? { state: 'made' } : gone
  const expands = clientList.find(({ client }) => client === file.client)?.expands ?? []
  if (isReference(text, expands) && !text.startsWith('op://'))
    return { state: 'edited', edited: set(rotating, at, put(at, value, text)) }
  if (!isStoreReference(text))
    return { state: 'not', reason: 'its client does not expand that reference, and our launcher does not know it' }
  return throughLauncher(rotating, at, value, text)
}

function throughLauncher(rotating: Rotating, at: InValue, value: string, source: string): Rotated {
  const { file, name, entry, ports } = rotating
  if (at.in === 'header' || at.in === 'url')
    return { state: 'not', reason: 'its client calls the server itself: name a reference that it expands' }
  if (at.start + at.length !== value.length || (at.in === 'env' && at.start > 0))
    return { state: 'not', reason: 'the credential is only a part of what stands there' }
  const before = value.slice(0, at.start)
  const expands = clientList.find(({ client }) => client === file.client)?.expands ?? []
  const fetched = { name: at.in === 'env' ? at.name : nameBehind(entry, at.index, before), source, before }
  return {
    state: 'edited',
    edited: launchWith(file, name, at, fetched, { program: ports.places.ownProgram(), expands }),
  }
}

function nameBehind({ args }: Rotating['entry'], index: number, before: string): string {
  return variableFor(before === '' ? (args[index - 1] ?? '') : before.replace(/[:\s]+$/, ''), index)
}

const gone: Rotated = { state: 'not', reason: 'what stands there is no longer the credential that was meant' }

/** An argument is counted from the end: our launcher may stand in front of it by now. */
function now({ entry }: Rotating, place: InValue): InValue {
  return place.in === 'argument' ? { ...place, index: entry.args.length - (place.of - place.index) } : place
}

function valueAt({ entry }: Rotating, at: InValue): string | null {
  if (at.in === 'url') return entry.url
  if (at.in === 'argument') return entry.args[at.index] ?? null
  return (at.in === 'env' ? entry.env : entry.headers).get(at.name) ?? null
}

function stands({ input, ports }: Rotating, { start, length }: InValue, value: string): boolean {
  const part = value.slice(start, start + length)
  return part.length === length && ports.secrets.fingerprint(part) === input.was
}

function put({ start, length }: InValue, value: string, text: string): string {
  return `${value.slice(0, start)}${text}${value.slice(start + length)}`
}

function set({ file, name, entry }: Rotating, at: InValue, value: string): Edited {
  if (at.in === 'env') return setEnvironment(file, name, new Map([[at.name, value]]))
  if (at.in === 'header') return setHeaders(file, name, new Map([[at.name, value]]))
  if (at.in === 'url') return setUrl(file, name, value)
  const from = entry.args[at.index] ?? ''
  return setArguments(file, name, [{ kind: 'replace', index: at.index, from, to: value }])
}
