import { pythonName } from '../python-names.ts'
import { editDistance } from './edit-distance.ts'
import { asRead, latin } from './fold-name.ts'

export type NameEcosystem = 'npm' | 'PyPI'

/** The names of known packages of one ecosystem. */
export interface KnownNames {
  /** npm: names below each scope, without the scope. */
  scopes: Readonly<Record<string, readonly string[]>>
  unscoped: readonly string[]
}

/** That a name passes for a known one, and by what. */
export interface Imitation {
  imitates: string
  by: 'look-alike letters' | 'separators' | 'letters' | 'the scope' | 'a missing scope'
}

/** Below this many letters, one letter makes another name, not a misspelt one. */
const shortestWord = 7
const shortestScope = 6
const longScope = 15

/**
 * Whether a package's name passes for the name of a known one. A known name passes for none, nor does another name in a known scope's own
 * hands; a company's own scope in front of a known name is a fork, not a disguise.
 */
export function judgeName(name: string, ecosystem: NameEcosystem, known: KnownNames): Imitation | null {
  if (name.length > 214) return null
  const given = ecosystem === 'PyPI' ? pythonName(name) : name
  const names = allNames(known)
  if (names.includes(given)) return null
  const parts = splitScope(given)
  return parts.scope === null ? ofUnscoped(given, known, names) : ofScoped(parts.scope, parts.base, known, names)
}

function allNames(known: KnownNames): string[] {
  const scoped = Object.entries(known.scopes).flatMap(([scope, bases]) => bases.map((base) => `@${scope}/${base}`))
  return [...known.unscoped, ...scoped]
}

function splitScope(name: string): { scope: string | null; base: string } {
  const match = /^@([^/]{1,214})\/(.{1,214})$/.exec(name)
  return match?.[1] === undefined || match[2] === undefined
    ? { scope: null, base: name }
    : { scope: match[1], base: match[2] }
}

function ofScoped(scope: string, base: string, known: KnownNames, names: readonly string[]): Imitation | null {
  if (scope in known.scopes) return ofBaseInScope(scope, base, known)
  for (const [ownScope, bases] of Object.entries(known.scopes)) {
    const likeness = scopeLikeness(scope, ownScope)
    if (likeness === null) continue
    const same = bases.find((one) => one === base)
    // Two companies may differ by a letter: only a long scope, or the very same package below it, makes the misspelling a disguise.
    if (same === undefined && likeness === 'letters' && ownScope.length < longScope) continue
    const imitates = `@${ownScope}/${same ?? bases[0] ?? ''}`
    return { imitates, by: likeness === 'letters' ? 'the scope' : likeness }
  }
  const taken = ofProtocolScope(scope, base, known)
  if (taken !== null) return taken
  // Look-alike letters disguise even a name that has a scope of its own.
  const folded = latin(`@${scope}/${base}`)
  const twin = folded === `@${scope}/${base}` ? undefined : names.find((one) => one === folded)
  return twin === undefined ? null : { imitates: twin, by: 'look-alike letters' }
}

const protocolWords = new Set(['mcp', 'anthropic', 'claude', 'modelcontext', 'modelcontextprotocol'])
const sideWords = new Set(['ai', 'context', 'io', 'model', 'official', 'org', 'protocol', 'server', 'servers'])

/** A scope made of nothing but the protocol's or its maker's name, in front of a package of the protocol's own scope. */
function ofProtocolScope(scope: string, base: string, known: KnownNames): Imitation | null {
  const words = scope.split(/[-_.]/)
  const speaksForIt = words.some((word) => protocolWords.has(word)) || /^model[-_.]context/.test(scope)
  if (!speaksForIt || !words.every((word) => protocolWords.has(word) || sideWords.has(word))) return null
  const imitates = namedWithoutScope(base.replace(/^mcp-/, ''), known)
  return imitates === null ? null : { imitates, by: 'the scope' }
}

/** `server-x` says what it serves only below the scope of the protocol; a name that speaks for itself is anyone's. */
function namedWithoutScope(base: string, known: KnownNames): string | null {
  if (!/^server-./.test(base)) return null
  const found = Object.entries(known.scopes).find(([scope, bases]) => scope.length >= longScope && bases.includes(base))
  return found === undefined ? null : `@${found[0]}/${base}`
}

/** A name in a known scope is its owner's, unless it only misspells one of them. */
function ofBaseInScope(scope: string, base: string, known: KnownNames): Imitation | null {
  const like = (known.scopes[scope] ?? []).find((one) => {
    const [own, given] = [lastWord(one), lastWord(base)]
    const sameStart = one.slice(0, -own.length) === base.slice(0, -given.length)
    return sameStart && own.length >= shortestWord && isMisspelt(given, own)
  })
  return like === undefined ? null : { imitates: `@${scope}/${like}`, by: 'letters' }
}

function lastWord(name: string): string {
  return name.split(/[-_.]/).at(-1) ?? name
}

function scopeLikeness(scope: string, own: string): Imitation['by'] | null {
  if (latin(scope) !== scope && latin(scope) === own) return 'look-alike letters'
  if (own.length < shortestScope) return null
  if (bare(scope) === bare(own)) return 'separators'
  if (asRead(scope) === asRead(own)) return 'look-alike letters'
  return isMisspelt(scope, own) ? 'letters' : null
}

function bare(name: string): string {
  return name.replace(/[-_.]/g, '')
}

function ofUnscoped(given: string, known: KnownNames, names: readonly string[]): Imitation | null {
  const unscoped = namedWithoutScope(given, known)
  if (unscoped !== null) return { imitates: unscoped, by: 'a missing scope' }
  const scoped = names.find((one) => one.startsWith('@') && isScopeFlattened(given, one))
  if (scoped !== undefined) return { imitates: scoped, by: 'a missing scope' }
  for (const one of known.unscoped) {
    if (latin(given) !== given && latin(given) === one) return { imitates: one, by: 'look-alike letters' }
    if (bare(one).length < shortestWord) continue
    if (bare(given) === bare(one)) return { imitates: one, by: 'separators' }
    if (asRead(given) === asRead(one)) return { imitates: one, by: 'look-alike letters' }
    if (wordsMisspelt(given, one)) return { imitates: one, by: 'letters' }
  }
  return null
}

/** `modelcontextprotocol-server-x` for `@modelcontextprotocol/server-x`; scopes too short to be a word of their own do not count. */
function isScopeFlattened(given: string, scoped: string): boolean {
  const { scope, base } = splitScope(scoped)
  return scope !== null && scope.length >= longScope && bare(given) === bare(`${scope}${base}`)
}

/** Same words but for one, which is misspelt. */
function wordsMisspelt(given: string, known: string): boolean {
  const [some, own] = [given.split(/[-_.]/), known.split(/[-_.]/)]
  if (some.length !== own.length) return false
  const different = own.flatMap((word, index) => (word === some[index] ? [] : [[some[index] ?? '', word] as const]))
  const [only] = different
  if (only === undefined || different.length > 1) return false
  const [wrong, right] = only
  return right.length >= 5 && isMisspelt(wrong, right)
}

/** One letter put in, left out, replaced or swapped with its neighbour. A digit at the end is how forks are numbered. */
function isMisspelt(wrong: string, right: string): boolean {
  if (/\d$/.test(wrong) && wrong.slice(0, -1) === right) return false
  return editDistance(wrong, right, 1) === 1
}
