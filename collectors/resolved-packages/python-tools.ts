import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { pythonRequirement } from '@upkeep/domain/python-names'
import { notSupported, type Outcome, outcome, versionOf } from './outcome.ts'
import { pythonInstallation } from './python-environment.ts'
import { namesIn, type Search, variable } from './search.ts'

const maxArchives = 5_000

/** A launch through uvx or pipx, as declared. */
export interface PythonLaunch {
  via: 'uvx' | 'pipx'
  name: string
  requested: string | null
}

interface Wanted {
  name: string
  pinned: string | null
  open: boolean
}

/** Which environments hold the package: those of `uv tool install`, uv's cache, pipx. */
export function resolvePythonTool(search: Search, launch: PythonLaunch): Outcome {
  const wanted = wantedBy(launch)
  if (wanted === null) return notSupported('the request names no Python package')
  const installed = launch.via === 'uvx' ? uvCopies(search, wanted.name) : pipxCopies(search, wanted.name)
  const facts = { name: wanted.name, ecosystem: 'PyPI', pinned: wanted.pinned !== null, installed } as const
  return outcome(search, {
    ...facts,
    ...(launch.via === 'uvx' ? decideUvx(wanted, installed) : decidePipx(wanted, installed)),
  })
}

/** `uvx name@1.0`, `uvx --from 'name==1.0'` and `name` alone come to the same three facts. */
function wantedBy(launch: PythonLaunch): Wanted | null {
  const named = pythonRequirement(launch.name)
  if (named === null) return null
  const text = launch.requested?.trim() ?? named.requested ?? ''
  const version = /^(?:={2,3}\s*)?([0-9][A-Za-z0-9.!+_-]{0,99})$/.exec(text)?.[1] ?? null
  return { name: named.name, pinned: version, open: text === '' }
}

function decideUvx(wanted: Wanted, installed: readonly Installation[]): { wouldRun: number | null; why: string } {
  const index = installed.findIndex((found) => found.where === 'uv-tool')
  const tool = installed[index]
  if (tool !== undefined && (wanted.open || tool.version === wanted.pinned)) {
    return { wouldRun: index, why: `uvx runs the installed tool ${versionOf(tool)}` }
  }
  const cached = installed.filter((found) => found.where === 'uv-cache').map(versionOf)
  const kept = cached.length === 0 ? 'no copy is cached' : `cached: ${[...new Set(cached)].join(', ')}`
  if (wanted.pinned === null) return { wouldRun: null, why: `unpinned: uv asks the registry; ${kept}` }
  if (cached.length === 0)
    return { wouldRun: null, why: 'pinned but not installed: it would be fetched from the registry' }
  return { wouldRun: null, why: `pinned, but uv may resolve its dependencies anew from the registry; ${kept}` }
}

function decidePipx(wanted: Wanted, installed: readonly Installation[]): { wouldRun: number | null; why: string } {
  const versions = [...new Set(installed.map(versionOf))].join(', ')
  const kept = installed.length === 0 ? 'no environment holds it' : `environments hold ${versions}`
  const asked = wanted.pinned === null ? 'unpinned' : 'pinned'
  return { wouldRun: null, why: `${asked}: pipx run makes an environment of its own for some days; ${kept}` }
}

function uvCopies(search: Search, name: string): Installation[] {
  const { home, platform } = search.place
  const windows = platform === 'win32'
  const roaming = variable(search, 'APPDATA') ?? `${home}/AppData/Roaming`
  const local = variable(search, 'LOCALAPPDATA') ?? `${home}/AppData/Local`
  const data = windows ? `${roaming}/uv/data` : `${variable(search, 'XDG_DATA_HOME') ?? `${home}/.local/share`}/uv`
  const tools = variable(search, 'UV_TOOL_DIR') ?? `${data}/tools`
  const usualCache = windows ? `${local}/uv/cache` : `${variable(search, 'XDG_CACHE_HOME') ?? `${home}/.cache`}/uv`
  const cache = variable(search, 'UV_CACHE_DIR') ?? usualCache
  const tool = pythonInstallation(search, `${tools}/${name}`, name, 'uv-tool')
  const archives = namesIn(search, `${cache}/archive-v0`, maxArchives).flatMap((id) => {
    const copy = pythonInstallation(search, `${cache}/archive-v0/${id}`, name, 'uv-cache')
    return copy === null ? [] : [copy]
  })
  return tool === null ? archives : [tool, ...archives]
}

function pipxCopies(search: Search, name: string): Installation[] {
  const { home } = search.place
  const named = variable(search, 'PIPX_HOME')
  const usual = [
    `${home}/.local/share/pipx`,
    `${home}/.local/pipx`,
    `${home}/Library/Application Support/pipx`,
    `${home}/pipx`,
  ]
  return (named === null ? usual : [named]).flatMap((root) => {
    const copy = pythonInstallation(search, `${root}/venvs/${name}`, name, 'pipx')
    return copy === null ? [] : [copy]
  })
}
