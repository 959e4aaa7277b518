import type { Differing } from './what-differs'

const kinds: ReadonlyMap<string, string> = new Map([
  ['instruction-to-model', 'words that command the model'],
  ['secrecy', 'words that ask for secrecy'],
  ['exfiltration', 'words that send something away'],
  ['cross-tool', 'words about another tool'],
  ['hidden-characters', 'hidden characters'],
  ['html-comment', 'a comment that nobody sees'],
  ['encoded-blob', 'encoded text'],
  ['url', 'an address'],
  ['widened-schema', 'an input that takes more'],
  ['hint-flip', 'a hint that says the opposite'],
])
/** They act on nobody by themselves, and come last. */
const harmless: readonly string[] = ['url', 'widened-schema', 'hint-flip']
/** Stated as "path: was one, is another". */
const changed: readonly string[] = ['widened-schema', 'hint-flip']
const wasAndIs = /^(?:[^:\n]{1,200}: )?was ([^\n]*), is ([^\n]*)$/

/** What a change of what a server offers brings in, as differences: what was there before, where anything was. Null where the fact has another shape. */
export function introducedIn(value: unknown): Differing[] | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isIntroduced)) return null
  return value
    .toSorted((one, other) => Number(harmless.includes(one.kind)) - Number(harmless.includes(other.kind)))
    .map(({ kind, where, says }) => {
      const at = `${kinds.get(kind) ?? kind.replaceAll('-', ' ')}, ${where}`
      const [, was, is] = (changed.includes(kind) ? wasAndIs.exec(says) : null) ?? []
      return was === undefined || is === undefined ? { at, was: 'nothing', is: says } : { at, was, is }
    })
}

function isIntroduced(value: unknown): value is { kind: string; where: string; says: string } {
  const { kind, where, says } = Object(value)
  return typeof kind === 'string' && typeof where === 'string' && typeof says === 'string'
}
