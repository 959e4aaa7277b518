import { type PackageFingerprints, type VersionSpans, wordHash } from '@upkeep/domain/bundled-code/fingerprints'
import { scriptWords } from '@upkeep/domain/bundled-code/script-words'
import type { WatchedPackage } from './packages.ts'
import { type ScriptUnit, scriptUnits } from './script-units.ts'
import type { Scripts } from './tarballs.ts'

const leastWords = 6
const leastOwnWords = 2

type Units = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>

/** Every word of packages that a bundle may hold as well. */
export function backgroundWords(packages: readonly Scripts[]): Set<string> {
  const words = new Set<string>()
  for (const scripts of packages)
    for (const text of scripts.values()) for (const word of scriptWords(text)) words.add(word)
  return words
}

interface Published {
  version: string
  scripts: Scripts
}

/** How each version of a package can be known again inside a bundle. */
export function packageFingerprints(
  watched: WatchedPackage,
  published: readonly Published[],
  known: ReadonlySet<string>,
): PackageFingerprints {
  const table = wordTable()
  const units = new Map<string, Map<string, number[]>>()
  const anywhere = new Map<string, Set<number>>()
  published.forEach((one, index) => {
    for (const text of countedScripts(watched, one).values())
      for (const word of scriptWords(text)) anywhere.set(word, (anywhere.get(word) ?? new Set()).add(index))
    for (const unit of unitsOf(watched, one)) addForm(units, unit, index)
  })
  const owners = ownersOf(units)
  const listed = [...units].flatMap(([name, forms]) => {
    const own = ownWords(name, forms, owners, known)
    if (own.length < leastOwnWords) return []
    const described = [...forms].map(([words, indexes]) => ({
      versions: spansOf(indexes),
      words: table.indexes(wordsOf(words)),
    }))
    return [{ name, own: table.indexes(own), forms: described }]
  })
  return {
    ecosystem: 'npm',
    name: watched.name,
    family: watched.family,
    gates: watched.gates,
    versions: published.map((one) => one.version),
    words: table.hashes(),
    tells: table
      .words()
      .flatMap((word, index) =>
        isTelling(word) && !known.has(word)
          ? [{ word: index, versions: spansOf([...(anywhere.get(word) ?? [])].sort((a, b) => a - b)) }]
          : [],
      ),
    units: listed,
  }
}

function addForm(
  units: Map<string, Map<string, number[]>>,
  unit: { name: string; words: readonly string[] },
  index: number,
) {
  if (unit.words.length < leastWords) return
  const forms = units.get(unit.name) ?? new Map<string, number[]>()
  const key = JSON.stringify(unit.words)
  forms.set(key, [...(forms.get(key) ?? []), index])
  units.set(unit.name, forms)
}

function wordsOf(key: string): string[] {
  const words: string[] = JSON.parse(key)
  return words
}

/** By word, the units that have it. */
function ownersOf(units: Units): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>()
  for (const [name, forms] of units)
    for (const key of forms.keys())
      for (const word of wordsOf(key)) owners.set(word, (owners.get(word) ?? new Set()).add(name))
  return owners
}

/** The words by which a unit is told from every other one and from the background. */
function ownWords(
  name: string,
  forms: ReadonlyMap<string, readonly number[]>,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
  known: ReadonlySet<string>,
): string[] {
  const words = new Set([...forms.keys()].flatMap(wordsOf))
  return [...words].filter((word) => !known.has(word) && owners.get(word)?.size === 1 && owners.get(word)?.has(name))
}

function countedScripts(watched: WatchedPackage, { scripts }: Published): Scripts {
  return new Map([...scripts].filter(([path]) => watched.scripts(path)))
}

function unitsOf(watched: WatchedPackage, published: Published): ScriptUnit[] {
  return [...countedScripts(watched, published)].flatMap(([path, text]) => {
    const module = path.replace(/^dist\/(esm\/)?/, '').replace(/\.[cm]?js$/, '')
    const units = scriptUnits(module, text)
    return watched.isBundled ? units.map(byName) : units
  })
}

/** The unit by its name alone; what has none cannot be told from version to version. */
function byName({ name, words }: ScriptUnit): ScriptUnit {
  const own = name.slice(name.indexOf('#'))
  return own === '#rest' ? { name: own, words: [] } : { name: own, words }
}

/** A sentence, a path or a private name: too particular to turn up twice by chance, as the name of an option may. */
function isTelling(word: string): boolean {
  return word.length >= 12 && (/[\s/]/.test(word) || word.startsWith('_'))
}

function spansOf(indexes: readonly number[]): VersionSpans {
  const spans: [number, number][] = []
  for (const index of indexes) {
    const last = spans.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else spans.push([index, index])
  }
  return spans
}

function wordTable() {
  const order = new Map<string, number>()
  return {
    indexes: (words: readonly string[]): number[] =>
      words.map((word) => {
        const at = order.get(word) ?? order.size
        order.set(word, at)
        return at
      }),
    words: () => [...order.keys()],
    hashes: () => [...order.keys()].map(wordHash),
  }
}
