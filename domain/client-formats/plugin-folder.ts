import { byInstaller, type EntriesRead, joined, type PluginFile, type PluginLook } from './client-format.ts'
import { variableOf } from './fill-in.ts'
import { joinPath } from './join-path.ts'
import { pluginServers, statedServers } from './plugin-entries.ts'
import type { EntryKeys, PlacedEntry } from './raw-entry.ts'
import { at } from './tree.ts'

/** A plugin's folder, and where in it a client looks for servers. */
export interface PluginFolder {
  root: string
  project: string | null
  /** The manifests that it may have: the first that can be read counts. */
  manifests: readonly string[]
  /** Files that hold servers without being named. */
  files: readonly string[]
  /** Whether those are read as well where the manifest states servers itself. */
  filesAsWell: boolean
  keys?: EntryKeys
  each?(entry: PlacedEntry): PlacedEntry
}

// Some clients take the variable of another; a plugin that names one means its own folder.
const rootVariables = ['PLUGIN_ROOT', 'CLAUDE_PLUGIN_ROOT', 'CURSOR_PLUGIN_ROOT'].map(variableOf)

/** The files of a plugin's folder that declare servers, with the folder put in where a variable stands for it. */
export function pluginFolderFiles(folder: PluginFolder, look: PluginLook): readonly PluginFile[] {
  const values = Object.fromEntries(rootVariables.map((name) => [name, folder.root]))
  const { keys } = folder
  const file = (path: string, read: PluginFile['read']) => fileOf(folder, path, read)
  const servers = (path: string) => file(path, (tree) => pluginServers(tree, values, keys))
  const manifest = folder.manifests.find((path) => look.json(joinPath(folder.root, `/${path}`)) !== null)
  const known = manifest === undefined ? null : look.json(joinPath(folder.root, `/${manifest}`))
  const stated = at(known ?? null, 'mcpServers')
  // A manifest that is there and cannot be read is read again, so that it is reported.
  const unread = manifest === undefined ? folder.manifests.map((path) => file(path, () => joined([]))) : []
  if (manifest === undefined || stated === undefined) return [...folder.files.map(servers), ...unread]
  const named = statedServers(stated, values, keys).files.map((path) => path.replace(/^\.[\\/]/, ''))
  const own = [...new Set([...(folder.filesAsWell ? folder.files : []), ...named])].map(servers)
  return [...own, file(manifest, (tree) => statedServers(at(tree, 'mcpServers'), values, keys).read)]
}

function fileOf(folder: PluginFolder, path: string, read: PluginFile['read']): PluginFile {
  return {
    scope: folder.project === null ? 'user' : 'project',
    project: folder.project,
    format: 'json',
    path: joinPath(folder.root, `/${path}`),
    why: 'servers that an installed plugin brings along',
    rewrittenBy: byInstaller,
    read: (tree, at) => placed(read(tree, at), folder),
  }
}

/** A relative working folder lies in the plugin's. */
function placed(read: EntriesRead, { root, each }: PluginFolder): EntriesRead {
  const entries = read.entries.map((entry) => {
    const inside = entry.cwd !== null && !/^(?:[\\/~$]|[A-Za-z]:)/.test(entry.cwd)
    const cwd =
      inside && entry.cwd !== null ? joinPath(root, `/${entry.cwd.replace(/^(?:\.[\\/]|\.$)/, '')}`) : entry.cwd
    const there = { ...entry, cwd: cwd?.replace(/(?<=.)[\\/]$/, '') ?? null }
    return each?.(there) ?? there
  })
  return { ...read, entries }
}
