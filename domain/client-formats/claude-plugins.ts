import { managedSettings } from './claude-managed.ts'
import { byInstaller, joined, type PluginFile, type PluginLook } from './client-format.ts'
import { variableOf } from './fill-in.ts'
import { joinPath } from './join-path.ts'
import { pluginServers, statedServers } from './plugin-entries.ts'
import { at, isList, isMap, type Tree } from './tree.ts'

const maxPlugins = 500
const rootVariable = variableOf('CLAUDE_PLUGIN_ROOT')

/** One installed plugin: `name@marketplace`, and the folder that holds it. */
interface Installed {
  id: string
  root: string
  scope: PluginFile['scope']
  project: string | null
}

/**
 * The files of Claude Code's plugins: those that `installed_plugins.json` lists and that no settings switch off. An installed plugin that
 * no settings name counts as switched on, since a server that is missed is worse than one too many.
 */
export function claudePlugins(look: PluginLook): readonly PluginFile[] {
  const listed = at(look.json(look.expand('{claude-folder}/plugins/installed_plugins.json')) ?? null, 'plugins')
  const all = isMap(listed) ? [...listed].flatMap(([id, records]) => installedAs(id, records)) : []
  const on = all.slice(0, maxPlugins).flatMap((plugin) => switchedOn(plugin, look))
  return [...on.flatMap((plugin) => filesOf(plugin, look)), ...ofMarketplaces(on, look)]
}

/** The second version of the file has a list for each plugin, the first a single record. */
function installedAs(id: string, records: Tree): Installed[] {
  return (isList(records) ? records : [records]).flatMap((record) => {
    const [root, scope, project] = ['installPath', 'scope', 'projectPath'].map((key) => at(record, key))
    if (typeof root !== 'string' || root === '') return []
    const managed = scope === 'managed' ? 'managed' : 'user'
    return [{ id, root, scope: managed, project: typeof project === 'string' ? project : null }]
  })
}

/** Nothing where it is off everywhere; where it is on in single projects only, the first of those. */
function switchedOn(plugin: Installed, look: PluginLook): Installed[] {
  const managed = look.place.machine ? stated(look, managedSettings[look.place.platform], plugin.id) : undefined
  if (managed !== undefined) return managed === false ? [] : [plugin]
  const user = stated(look, look.expand('{claude-folder}/settings.json'), plugin.id)
  const where = plugin.project === null ? [null, ...look.place.projects] : [plugin.project]
  const on = where.find((project) => (inProject(look, project, plugin.id) ?? user) !== false)
  return on === undefined ? [] : [{ ...plugin, project: on }]
}

function inProject(look: PluginLook, project: string | null, id: string): Tree | undefined {
  if (project === null) return undefined
  const local = stated(look, joinPath(project, '/.claude/settings.local.json'), id)
  return local ?? stated(look, joinPath(project, '/.claude/settings.json'), id)
}

function stated(look: PluginLook, file: string, id: string): Tree | undefined {
  return at(look.json(file) ?? null, 'enabledPlugins', id)
}

function filesOf(plugin: Installed, look: PluginLook): PluginFile[] {
  const values = { [rootVariable]: plugin.root }
  const path = joinPath(plugin.root, '/.claude-plugin/plugin.json')
  const known = look.json(path)
  const { files } = statedServers(at(known ?? null, 'mcpServers'), values)
  const manifest: PluginFile = {
    ...fileOf(plugin, path),
    read: (tree) => statedServers(at(tree, 'mcpServers'), values).read,
  }
  const own = new Set(['.mcp.json', ...files.map((file) => file.replace(/^\.[\\/]/, ''))])
  const others = [...own].map(
    (file): PluginFile => ({
      ...fileOf(plugin, joinPath(plugin.root, `/${file}`)),
      read: (tree) => pluginServers(tree, values),
    }),
  )
  // A manifest that could not be looked at is read again, so that it is reported; one without servers is no news.
  return known !== null && at(known, 'mcpServers') === undefined ? others : [...others, manifest]
}

function fileOf({ scope, project }: Installed, path: string): Omit<PluginFile, 'read'> {
  return {
    scope,
    project,
    path,
    format: 'json',
    why: 'servers that an installed plugin brings along',
    rewrittenBy: byInstaller,
  }
}

/** A marketplace may declare servers for the plugins that it lists. */
function ofMarketplaces(on: readonly Installed[], look: PluginLook): PluginFile[] {
  const known = look.json(look.expand('{claude-folder}/plugins/known_marketplaces.json')) ?? null
  const names = new Set(on.map(({ id }) => id.slice(id.lastIndexOf('@') + 1)))
  return [...names].flatMap((marketplace) => {
    const folder = at(known, marketplace, 'installLocation')
    if (typeof folder !== 'string' || folder === '') return []
    const path = joinPath(folder, '/.claude-plugin/marketplace.json')
    const own = on.filter(({ id }) => id.endsWith(`@${marketplace}`))
    const [first] = own
    const tree = look.json(path)
    const declares = tree === null || own.some((one) => at(listedIn(tree, one) ?? null, 'mcpServers') !== undefined)
    if (first === undefined || !declares) return []
    return [
      {
        ...fileOf({ ...first, project: null }, path),
        read: (tree) => joined(own.map((one) => listedServers(tree, one))),
      },
    ]
  })
}

function listedServers(tree: Tree, plugin: Installed) {
  const listed = listedIn(tree, plugin)
  const plugins = at(tree, 'plugins')
  const index = isList(plugins) ? plugins.indexOf(listed ?? null) : -1
  const values = { [rootVariable]: plugin.root }
  return statedServers(at(listed ?? null, 'mcpServers'), values, {}, ['plugins', index, 'mcpServers']).read
}

function listedIn(tree: Tree, { id }: Installed): Tree | undefined {
  const plugins = at(tree, 'plugins')
  const name = id.slice(0, id.lastIndexOf('@'))
  return isList(plugins) ? plugins.find((one) => at(one, 'name') === name) : undefined
}
