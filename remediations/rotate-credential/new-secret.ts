import { everyReferenceStyle, isReferenceValue } from '@upkeep/domain/redaction/references'
import type { Rotating } from './rotating.ts'

const shortest = 8

/** The new credential, if it can be one: printable, on one line, and not the old one. Nothing of it is in a reason. */
export function newSecret(
  { input, ports }: Pick<Rotating, 'input' | 'ports'>,
  from: string,
): { state: 'there'; text: string } | { state: 'not'; reason: string } {
  const text = ports.secrets.resolve(from)
  if (text === null) return not(`the new credential is not there: ${shownSource(from)}`)
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/.test(text))
    return not('the new credential is not one line of printable characters')
  if (text.length < shortest) return not(`the new credential has fewer than ${shortest} characters`)
  if (isReferenceValue(text, everyReferenceStyle)) return not('what is given as the new credential is a reference')
  if (ports.secrets.fingerprint(text) === input.was) return not('the new credential is the old one')
  if (input.at.in === 'url' && !/^[A-Za-z0-9._~-]+$/.test(text))
    return not('the new credential has characters that cannot stand in an address as they are')
  return { state: 'there', text }
}

/** Of one that was typed only that it was. */
function shownSource(from: string): string {
  return from.startsWith('typed:') ? 'what was typed is no longer kept: ask for the change again' : from
}

function not(reason: string): { state: 'not'; reason: string } {
  return { state: 'not', reason }
}
