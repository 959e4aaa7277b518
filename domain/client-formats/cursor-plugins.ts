import type { PluginFile, PluginLook } from './client-format.ts'
import { joinPath } from './join-path.ts'
import { pluginFolderFiles } from './plugin-folder.ts'

const maxPlugins = 500

/**
 * The files of Cursor's plugins: those that lie in its folder for local ones, and every copy in its cache of the marketplaces. Which of
 * them are switched on stands in a database of the editor, by numbers that no file translates: each counts as on.
 */
export function cursorPlugins(look: PluginLook): readonly PluginFile[] {
  const base = look.expand('{home}/.cursor/plugins')
  const below = (folder: string) => look.names(folder).map((name) => joinPath(folder, `/${name}`))
  const cached = below(joinPath(base, '/cache')).flatMap(below).flatMap(below)
  return [...below(joinPath(base, '/local')), ...cached].slice(0, maxPlugins).flatMap((root) => {
    const manifests = ['.cursor-plugin/plugin.json', 'plugin.json']
    return pluginFolderFiles({ root, project: null, manifests, files: ['mcp.json'], filesAsWell: false }, look)
  })
}
