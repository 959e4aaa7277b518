import semver from 'semver'
import type { PluginFile, PluginLook } from './client-format.ts'
import { codexKeys, withVariables } from './codex-variables.ts'
import { joinPath } from './join-path.ts'
import { pluginFolderFiles } from './plugin-folder.ts'
import type { PlacedEntry } from './raw-entry.ts'
import { at, type Tree } from './tree.ts'

const maxPlugins = 500

/**
 * The files of Codex's plugins: those in its cache that `config.toml` does not switch off. One that it does not name counts as on: those that
 * an account switches on are named nowhere on this machine.
 */
export function codexPlugins(look: PluginLook): readonly PluginFile[] {
  const cache = look.expand('{codex}/plugins/cache')
  const config = look.tree(look.expand('{codex}/config.toml'), 'toml')
  const all = look.names(cache).flatMap((market) => {
    const folder = joinPath(cache, `/${market}`)
    return look.names(folder).map((name) => ({ folder: joinPath(folder, `/${name}`), id: `${name}@${market}` }))
  })
  return all.slice(0, maxPlugins).flatMap(({ folder, id }) => {
    const settings = at(config ?? null, 'plugins', id)
    const version = activeVersion(look.names(folder))
    if (version === null || at(settings, 'enabled') === false) return []
    const plugin = {
      root: joinPath(folder, `/${version}`),
      project: null,
      manifests: ['.codex-plugin/plugin.json', '.claude-plugin/plugin.json'],
      files: ['.mcp.json'],
      filesAsWell: false,
      keys: codexKeys,
      each: (entry: PlacedEntry) => switchedAs(withVariables(entry), settings),
    }
    return pluginFolderFiles(plugin, look)
  })
}

/** Of several versions in the cache `local` counts, else the greatest. */
function activeVersion(names: readonly string[]): string | null {
  const versions = names.filter((name) => /^[A-Za-z0-9_.+-]+$/.test(name) && !/^\.{1,2}$/.test(name))
  if (versions.includes('local')) return 'local'
  const [first, ...others] = versions
  return first === undefined ? null : others.reduce((best, each) => (isLater(each, best) ? each : best), first)
}

function isLater(version: string, than: string): boolean {
  const both = semver.valid(version) !== null && semver.valid(than) !== null
  return both ? semver.gt(version, than) : version > than
}

/** A server of a plugin can be switched off by itself. */
function switchedAs(entry: PlacedEntry, settings: Tree | undefined): PlacedEntry {
  return { ...entry, disabled: entry.disabled || at(settings, 'mcp_servers', entry.name, 'enabled') === false }
}
