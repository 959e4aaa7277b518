type Format = 'json' | 'jsonc' | 'toml' | 'yaml'

const mostLines = 50_000

/**
 * The lines, counted from 1, on which the names of entries stand as keys. A name that stands as a key more than once, or in another way
 * than usual, has none.
 */
export function entryLines(text: string, names: readonly string[], format: Format): Map<string, number> {
  const wanted = new Map(names.flatMap((name) => keysOf(name, format).map((key) => [key, name] as const)))
  const found = new Map<string, number[]>()
  for (const [index, line] of text.split('\n', mostLines).entries()) {
    for (const key of keysIn(line, format)) {
      const name = wanted.get(key)
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), index + 1])
    }
  }
  return new Map(
    [...found].flatMap(([name, [line, more]]) => (line === undefined || more !== undefined ? [] : [[name, line]])),
  )
}

/** A name as a key may be written. */
function keysOf(name: string, format: Format): string[] {
  return format === 'json' || format === 'jsonc' ? [JSON.stringify(name)] : [name, JSON.stringify(name), `'${name}'`]
}

const jsonKey = /("(?:[^"\\]|\\.){0,300}")\s{0,20}:/g
const tomlTable =
  /^\s{0,20}\[[^\]\n]{0,300}?\.\s{0,5}("[^"\n]{1,300}"|'[^'\n]{1,300}'|[A-Za-z0-9_-]{1,300})\s{0,5}\]\s{0,20}(?:#|\r?$)/
const yamlKey =
  /^\s{0,100}(?:-\s{1,10}name:\s{1,10})?("[^"\n]{1,300}"|'[^'\n]{1,300}'|[^\s:#][^:#\n]{0,300}?)\s{0,10}(?::|\r?$)/

function keysIn(line: string, format: Format): string[] {
  if (line.length > 20_000) return []
  if (format === 'json' || format === 'jsonc') return [...line.matchAll(jsonKey)].flatMap(([, key]) => key ?? [])
  const key = (format === 'toml' ? tomlTable : yamlKey).exec(line)?.[1]
  return key === undefined ? [] : [key]
}
