import type { PluginFile, PluginLook } from './client-format.ts'
import { joinPath } from './join-path.ts'
import { pluginFolderFiles } from './plugin-folder.ts'
import { at, isList, isMap, type Tree } from './tree.ts'

const maxPlugins = 500
const editions = [
  { data: '.vscode', settings: 'Code' },
  { data: '.vscode-insiders', settings: 'Code - Insiders' },
  { data: '.vscode-oss', settings: 'VSCodium' },
]

/**
 * The files of VS Code's agent plugins: those that `installed.json` lists, and the folders that the user's settings name; and of its
 * extensions those that register servers by code. Which plugins and extensions are switched off stands in a database of the editor: each counts as on.
 */
export function vscodePlugins(look: PluginLook): readonly PluginFile[] {
  return editions.flatMap(({ data, settings }) => {
    const home = look.expand(`{home}/${data}`)
    const roots = [...installedIn(home, look), ...namedIn(look.expand(`{config}/${settings}/User/settings.json`), look)]
    const plugins = [...new Set(roots)].slice(0, maxPlugins).flatMap((root) => pluginFolderFiles(pluginAt(root), look))
    return [...plugins, ...extensionFiles(joinPath(home, '/extensions'), look)]
  })
}

function pluginAt(root: string) {
  const manifests = ['plugin.json', '.plugin/plugin.json', '.claude-plugin/plugin.json']
  return { root, project: null, manifests, files: ['.mcp.json', 'mcp.json'], filesAsWell: true }
}

function installedIn(home: string, look: PluginLook): string[] {
  const listed = at(look.json(joinPath(home, '/agent-plugins/installed.json')), 'installed')
  return (isList(listed) ? listed : []).flatMap((one) => pathOf(at(one, 'pluginUri')) ?? [])
}

/** `chat.pluginLocations` has a switch by path. A path relative to the workspace is not followed. */
function namedIn(settings: string, look: PluginLook): string[] {
  if (!look.mentions(settings, 'chat.pluginLocations')) return []
  const named = at(look.tree(settings, 'jsonc'), 'chat.pluginLocations')
  const on = isMap(named) ? [...named].filter(([, switched]) => switched === true).map(([path]) => path) : []
  const paths = on.map((path) => (/^~[\\/]/.test(path) ? joinPath(look.place.home, path.slice(1)) : path))
  return paths.filter((path) => /^(?:\/|[A-Za-z]:[\\/])/.test(path))
}

/** The path of a `file:` URI of this machine. */
function pathOf(uri: Tree | undefined): string | null {
  const path = typeof uri === 'string' ? /^file:\/\/(\/.+)$/.exec(uri)?.[1] : undefined
  if (path === undefined) return null
  try {
    const plain = decodeURIComponent(path)
    return /^\/[A-Za-z]:/.test(plain) ? plain.slice(1).replaceAll('/', '\\') : plain
  } catch {
    return null
  }
}

/** Manifests of the installed extensions that register servers: which servers, only their code says. */
function extensionFiles(folder: string, look: PluginLook): PluginFile[] {
  const listed = look.json(joinPath(folder, '/extensions.json'))
  const names = (isList(listed) ? listed : []).map((one) => at(one, 'relativeLocation'))
  const paths = names
    .filter((name) => typeof name === 'string' && /^[A-Za-z0-9_.-]+$/.test(name) && !/^\.+$/.test(name))
    .slice(0, maxExtensions)
    .map((name) => joinPath(folder, `/${String(name)}/package.json`))
  return paths.filter((path) => look.mentions(path, contribution)).map((path) => extensionFile(path))
}

const maxExtensions = 1_000
const contribution = 'mcpServerDefinitionProviders'

function extensionFile(path: string): PluginFile {
  const why = 'an extension that registers servers'
  return { scope: 'user', project: null, format: 'json', path, why, read: registered }
}

function registered(tree: Tree) {
  const providers = at(tree, 'contributes', contribution)
  const ids = (isList(providers) ? providers : []).map((one) => at(one, 'id')).filter((id) => typeof id === 'string')
  const reason =
    'an extension registers its servers while the editor runs, and no file says which: MCP: List Servers in the editor does'
  const code = 'not-supported' as const
  return { entries: [], problems: [], broken: ids.map((name) => ({ name, reason, code })) }
}
