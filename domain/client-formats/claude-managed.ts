import type { Place } from '@upkeep/contract/place'
import type { PlacedEntry } from './raw-entry.ts'
import { at, isList, isMap, type Tree } from './tree.ts'

/**
 * Claude Code's managed settings, by platform: of whoever administers the machine, and before everything that a user sets.
 * Source: https://code.claude.com/docs/en/managed-mcp, https://code.claude.com/docs/en/settings.
 */
export const managedSettings: Readonly<Record<Place['platform'], string>> = {
  linux: '/etc/claude-code/managed-settings.json',
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
  win32: 'C:\\Program Files\\ClaudeCode\\managed-settings.json',
}

/** Says of an entry that its client starts it for nobody. */
export type Denies = (entry: Pick<PlacedEntry, 'name' | 'command' | 'args' | 'url'>) => boolean

/** The list in managed settings of servers that are not started, wherever they are declared. */
export const deniedKey = 'deniedMcpServers'

/**
 * Which entries a list of denied servers is certain to hit: by name, by the whole command line, by the whole address. Patterns of addresses
 * count for nothing here, and neither does a list with an item of another form: an entry that might still be started is not switched off.
 */
export function deniedBy(settings: Tree | null): Denies {
  const list = at(settings, deniedKey)
  const rules = isList(list) ? list.map(ruleOf) : []
  const sure = rules.flatMap((rule) => rule ?? [])
  if (sure.length !== rules.length) return () => false
  return (entry) => sure.some((rule) => rule(entry))
}

/** Null where the item is none. */
function ruleOf(item: Tree): Denies | null {
  if (!isMap(item) || item.size !== 1) return null
  const [name, command, url] = ['serverName', 'serverCommand', 'serverUrl'].map((key) => at(item, key))
  if (typeof name === 'string') return (entry) => entry.name === name
  if (typeof url === 'string') return (entry) => entry.url === url && !url.includes('*')
  if (!isList(command) || command.length === 0) return null
  return (entry) =>
    entry.command === command[0] &&
    entry.args.length === command.length - 1 &&
    entry.args.every((word, index) => word === command[index + 1])
}
