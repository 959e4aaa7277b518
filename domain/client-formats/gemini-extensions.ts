import { byInstaller, entriesAt, type PluginFile, type PluginLook } from './client-format.ts'
import { fillIn, variableOf } from './fill-in.ts'
import { joinPath } from './join-path.ts'
import { at, isList, type Tree } from './tree.ts'

const maxExtensions = 500
// What an extension declares is never trusted without asking, whatever it says.
const declared = entriesAt([['mcpServers']], { urls: { httpUrl: 'http', url: 'sse' }, known: ['trust'] })

/**
 * The manifests of Gemini CLI's extensions that `extension-enablement.json` does not switch off everywhere. A linked extension lies where
 * its link leads.
 */
export function geminiExtensions(look: PluginLook): readonly PluginFile[] {
  const folder = look.expand('{home}/.gemini/extensions')
  const rules = look.json(joinPath(folder, '/extension-enablement.json')) ?? null
  return look
    .names(folder)
    .slice(0, maxExtensions)
    .flatMap((name) => {
      const root = rootOf(joinPath(folder, `/${name}`), look)
      const path = joinPath(root, '/gemini-extension.json')
      const manifest = look.json(path)
      if (manifest !== null && at(manifest, 'mcpServers') === undefined) return []
      const called = at(manifest ?? null, 'name')
      const overrides = at(rules, typeof called === 'string' ? called : name, 'overrides')
      if (!isOnSomewhere(overrides, look)) return []
      // What a link leads to is somebody's own work.
      const isLinked = root !== joinPath(folder, `/${name}`)
      return [{ ...fileOf(path, root), ...(isLinked ? {} : { rewrittenBy: byInstaller }) }]
    })
}

function rootOf(folder: string, look: PluginLook): string {
  const install = look.json(joinPath(folder, '/.gemini-extension-install.json')) ?? null
  const source = at(install, 'source')
  return at(install, 'type') === 'link' && typeof source === 'string' && source !== '' ? source : folder
}

function fileOf(path: string, root: string): PluginFile {
  const separator = path.includes('\\') ? '\\' : '/'
  const values = {
    [variableOf('extensionPath')]: root,
    [variableOf('/')]: separator,
    [variableOf('pathSeparator')]: separator,
  }
  const why = 'servers that an installed extension brings along'
  return { scope: 'user', project: null, format: 'json', path, why, read: (tree) => declared(fillIn(tree, values)) }
}

/** On unless a rule says otherwise; the last rule that fits a folder counts. It is on somewhere if it is in the home, a project, or a folder that a rule names. */
function isOnSomewhere(overrides: Tree | undefined, { place }: PluginLook): boolean {
  if (!isList(overrides)) return true
  const rules = overrides.filter((rule) => typeof rule === 'string').slice(0, 1_000)
  const named = rules.filter((rule) => !rule.startsWith('!')).map((rule) => rule.replace(/\*$/, ''))
  return [place.home, ...place.projects, ...named].some((folder) => isOn(rules, folder))
}

function isOn(rules: readonly string[], folder: string): boolean {
  const path = slashed(folder)
  const last = rules.findLast((rule) => fits(rule.replace(/^!/, ''), path))
  return last === undefined || !last.startsWith('!')
}

function fits(rule: string, path: string): boolean {
  if (!rule.endsWith('*')) return slashed(rule) === path
  return path.startsWith(slashed(rule.slice(0, -1)))
}

/** One form for a folder: forward slashes, one at each end. */
function slashed(folder: string): string {
  const forward = folder.replaceAll('\\', '/')
  const begun = forward.startsWith('/') ? forward : `/${forward}`
  return begun.endsWith('/') ? begun : `${begun}/`
}
