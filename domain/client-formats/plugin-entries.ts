import { type EntriesRead, entriesOf, joined, none } from './client-format.ts'
import { fillIn } from './fill-in.ts'
import type { EntryKeys } from './raw-entry.ts'
import { at, isMap, type Tree, type TreePath } from './tree.ts'

/** The servers of a plugin's own file: below `mcpServers`, or by name with nothing around them. */
export function pluginServers(tree: Tree, values: Readonly<Record<string, string>>, keys: EntryKeys = {}): EntriesRead {
  const wrapped = at(tree, 'mcpServers')
  const [where, path] = wrapped === undefined ? ['the file', []] : ['mcpServers', ['mcpServers']]
  return entriesOf(fillIn(wrapped ?? tree, values), where, keys, path)
}

/** What a manifest says under `mcpServers`: entries that stand there, and files of the plugin's folder that hold some. */
export function statedServers(
  stated: Tree | undefined,
  values: Readonly<Record<string, string>>,
  keys: EntryKeys = {},
  path: TreePath = ['mcpServers'],
): { read: EntriesRead; files: readonly string[] } {
  const parts: readonly Tree[] = Array.isArray(stated) ? stated : stated === undefined ? [] : [stated]
  const texts = parts.filter((part) => typeof part === 'string')
  const inline = parts.flatMap((part, index) => {
    const own = Array.isArray(stated) ? [...path, index] : path
    return isMap(part) ? [entriesOf(fillIn(part, values), 'mcpServers', keys, own)] : []
  })
  const broken = texts.flatMap((text) => notRead(text))
  const read = joined([...inline, { ...none, broken }])
  return { read, files: texts.filter((text) => notRead(text).length === 0) }
}

/** A path that leads out of the plugin is not followed; a packed bundle is no list of servers. */
function notRead(text: string): EntriesRead['broken'] {
  const name = text.split(/[\\/]/).at(-1) || 'server'
  if (/\.(?:mcpb|dxt)$/i.test(text))
    return [{ name, reason: 'it is a packed bundle: name its file under bundles in upkeep.yaml' }]
  const leadsOut = /^(?:[\\/]|[A-Za-z]+:)/.test(text) || text.split(/[\\/]/).includes('..')
  return leadsOut ? [{ name, reason: "its file does not lie in the plugin's folder" }] : []
}
