import type { EntryKeys, PlacedEntry } from './raw-entry.ts'
import { isList, isMap } from './tree.ts'

const ownKeys = ['bearer_token_env_var', 'env_http_headers', 'env_vars']

/** How Codex names the parts of an entry. */
export const codexKeys: EntryKeys = { headers: ['http_headers'], switch: 'enabled' }

/** Variables that are named become references under what they fill. */
export function withVariables(entry: PlacedEntry): PlacedEntry {
  const headers = new Map(entry.headers)
  const env = new Map(entry.env)
  const token = entry.other.get('bearer_token_env_var')
  if (typeof token === 'string') headers.set('Authorization', `Bearer \${${token}}`)
  const named = entry.other.get('env_http_headers')
  if (isMap(named)) for (const [header, variable] of named) headers.set(header, `\${${String(variable)}}`)
  const passed = entry.other.get('env_vars')
  if (isList(passed)) for (const each of passed) if (typeof each === 'string') env.set(each, `\${${each}}`)
  return { ...entry, env, headers, other: new Map([...entry.other].filter(([key]) => !ownKeys.includes(key))) }
}
