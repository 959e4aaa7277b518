import { parseJson } from './parse-json.ts'
import { parseToml } from './parse-toml.ts'
import { parseYaml } from './parse-yaml.ts'
import { type Parsed, refusal } from './tree.ts'

export type TextFormat = 'json' | 'jsonc' | 'toml' | 'yaml'

/** How many bytes of each format are read. A JSON file of a client that keeps its history in it may be long; the others never are. */
export const maxBytesOf: Readonly<Record<TextFormat, number>> = {
  json: 16 * 1024 * 1024,
  jsonc: 16 * 1024 * 1024,
  toml: 2 * 1024 * 1024,
  yaml: 1024 * 1024,
}

/** Parses a configuration text of a known format into a tree. */
export function parseText(text: string, format: TextFormat, keep?: (path: readonly string[]) => boolean): Parsed {
  if (text.length > maxBytesOf[format]) return refusal('too-large', `more than ${maxBytesOf[format]} bytes`)
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (format === 'toml') return parseToml(clean)
  if (format === 'yaml') return parseYaml(clean)
  return parseJson(clean, { comments: format === 'jsonc', ...(keep === undefined ? {} : { keep }) })
}
